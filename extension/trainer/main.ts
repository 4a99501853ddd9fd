import { trainerVersion, type HostMessage } from "../protocol/trainer";
import { Channel } from "./ipc/channel";
import { Heartbeat } from "./ipc/heartbeat";
import { Requests } from "./ipc/requests";
import { HostedTraining } from "./ipc/training";
import { version } from "./version";

// The trainer process that the extension host forks: it runs one training, or answers requests for as long as the host keeps the channel
// open.

const heartbeat = new Heartbeat();
let training: HostedTraining | null = null;

const channel = new Channel(receive, hostLost);
const requests = new Requests(channel);

function receive(message: HostMessage): void {
  switch (message.type) {
    case "train":
    case "resume":
      training = new HostedTraining(channel, (seconds) => heartbeat.allow(seconds));
      void training.run(message).then(end);
      break;
    case "translate":
    case "inspect":
    case "weights":
    case "pictures":
      requests.add(message);
      break;
    case "cancel":
      requests.cancel(message.request);
      break;
    case "pause":
    case "continue":
    case "stop":
    case "received":
      training?.handle(message);
      break;
  }
}

/** The host has ended: stops the training with a checkpoint, and ends the process. */
function hostLost(): void {
  if (training === null) end();
  else training.stop();
}

function end(): void {
  requests.close();
  heartbeat.stop();
  channel.close();
}

// SIGTERM is sent when the editor's window is closed or the system shuts down.
process.on("SIGTERM", hostLost);
// Ctrl-C in the terminal from which the editor was started signals the whole process group, but must not stop a training.
process.on("SIGINT", () => undefined);
channel.send({ type: "hello", protocol: trainerVersion, version, node: process.versions.node, pid: process.pid });
