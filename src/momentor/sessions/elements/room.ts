/** The page of a session. */
import "./time-box";
import "./chat-room";
