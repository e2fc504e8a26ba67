// What phone and glasses do when the cloud asks for something (glasses-socket §5.4, §5.5); needs no browser.
import * as messages from "./messages.js";

// Answer a request; `parts` are send(message), camera, speaker, led, position and notice(text).
export function answerRequest(message, parts) {
  return answers[message.type]?.(message, parts);
}

const answers = {
  rgb_led_control(request, { send, led }) {
    led.show(request);
    send(messages.ledResponse(request.requestId));
  },

  async audio_play_request(request, { send, speaker }) {
    const outcome = await speaker.play(request).then((duration) => ({ duration }), ({ message }) => ({ error: message }));
    send(messages.audioPlayResponse(request.requestId, outcome));
  },

  audio_stop_request({ trackId }, { speaker }) {
    speaker.stop(trackId);
  },

  // Whoever awaits the picture has it, or has heard why not, before the cloud is told (media.md §1.3).
  async photo_request(request, { send, camera }) {
    const failure = await camera.answer(request);
    send(messages.photoResponse(request.requestId, { ...failure, savedToGallery: Boolean(request.saveToGallery) }));
  },

  request_single_location({ correlationId }, { send, position }) {
    send(messages.locationUpdate(position.now(), correlationId));
  },

  set_location_tier({ tier }, { position }) {
    position.follow(tier);
  },

  start_stream(request, { send, camera }) {
    const failure = camera.startFilm(request);
    if (failure) return send(messages.streamStatus(request.streamId, "error", failure));
    send(messages.streamStatus(request.streamId, "initializing"));
    send(messages.streamStatus(request.streamId, "active"));
  },

  stop_stream({ streamId }, { send, camera }) {
    camera.stopFilm(streamId);
    send(messages.streamStatus(streamId, "stopped"));
  },

  keep_stream_alive({ streamId, ackId }, { send, camera }) {
    if (camera.films(streamId)) send(messages.keepAliveAck(streamId, ackId));
  },

  show_wifi_setup({ reason, appPackageName }, { notice }) {
    notice(`${appPackageName ?? "An app"} asks for Wi-Fi${reason ? `: ${reason}` : ""}. Set one above.`);
  },

  camera_fov_set({ fov, appId }, { notice }) {
    notice(`${appId} set the camera's field of view to ${fov}°.`);
  },
};
