/** The small core that every page loads: htmx, and behaviours that make plain pages nicer. */
import "./htmx";
import "./busy";
import "./first-error";
import "./keep-place";
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
import "./live";
import "../../asking/elements/question-coach";
import "../../people/elements/own-zone";
import "./service-worker";
import "../../integrations/webpush/elements/push-switch";
import { toast, words } from "./toast";

document.documentElement.classList.add("scripted");

// django-allauth says so when a passkey was refused or the person changed their mind.
document.addEventListener("allauth.error", () => toast(words("failed"), { kind: "error" }));
