/** The small core that every page loads: htmx, and behaviours that make plain pages nicer. */
import "./htmx";
import "./busy";
import "./first-error";
import "./theme-switch";
import "./drop-menu";
import "./copy-link";
import "./relative-time";
import "./local-time";
import "./grow-text";
import "./dismiss-notice";
import "./open-dialog";
import "./ask-first";
import "./notice-bell";

document.documentElement.classList.add("scripted");
