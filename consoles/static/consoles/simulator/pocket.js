// The phone in one's pocket: its battery, notifications that come and go, the calendar.
import { $, whenClicked, whenSent } from "./page.js";
import * as messages from "./messages.js";

const MINUTE = 60_000;
const EVENT_MS = 30 * MINUTE;

// `tell` is `send` that does not mind when there is no connection.
export function wirePocket(send, tell) {
  let last = null;

  whenSent("notify", () => {
    last = { notificationId: newId("note"), app: $("notice-app").value, title: $("notice-title").value, content: $("notice-text").value, priority: $("notice-priority").value };
    send(messages.notification(last));
    $("dismiss").disabled = false;
  });
  whenClicked("dismiss", () => {
    send(messages.notificationDismissed(last, `0|browser|${last.notificationId}`));
    $("dismiss").disabled = true;
  });
  whenSent("plan", () => {
    const start = new Date(Date.now() + Number($("event-minutes").value) * MINUTE);
    const { timeZone: timezone } = Intl.DateTimeFormat().resolvedOptions();
    const end = new Date(start.getTime() + EVENT_MS);
    send(messages.calendarEvent({ eventId: newId("event"), title: $("event-title").value, start, end, timezone }));
  });
  const reportBattery = () => tell(messages.phoneBattery(Number($("phone-battery").value), $("phone-charging").checked));
  for (const id of ["phone-battery", "phone-charging"]) $(id).addEventListener("change", reportBattery);
}

const newId = (kind) => `${kind}-${Date.now().toString(36)}`;
