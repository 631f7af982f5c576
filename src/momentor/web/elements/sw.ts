/** The service worker: what the site does in a browser while none of its pages is open. */
import "./offline-page";
import "../../integrations/webpush/elements/push-worker";
import "../../sessions/elements/outbox-worker";
