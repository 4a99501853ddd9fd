import { trainerVersion, type HostMessage } from "../protocol/trainer";
import { Channel } from "./ipc/channel";
import { Heart } from "./ipc/heartbeat";
import { Requests } from "./ipc/requests";
import { HostedTraining } from "./ipc/training";
import { version } from "./version";

/** The trainer as the extension host forks it: one training, or requests for as long as the host keeps the channel open. */
const heart = new Heart();
let training: HostedTraining | null = null;

const channel = new Channel(receive, hostLost);
const requests = new Requests(channel);

function receive(message: HostMessage): void {
  switch (message.type) {
    case "train":
    case "resume":
      training = new HostedTraining(channel, (seconds) => heart.allow(seconds));
      void training.run(message).then(end);
      break;
    case "translate":
    case "inspect":
      requests.take(message);
      break;
    case "cancel":
      requests.cancel(message.request);
      break;
    case "pause":
    case "continue":
    case "stop":
    case "received":
      training?.hear(message);
      break;
  }
}

/** Nobody watches any more: what is under way is brought to a good end, and the process with it. */
function hostLost(): void {
  if (training === null) end();
  else training.stop();
}

function end(): void {
  requests.close();
  heart.stop();
  channel.close();
}

// A stop that the host could not say: with its window, or by a system that shuts down.
process.on("SIGTERM", hostLost);
// Ctrl-C in a terminal from which the editor was started is not meant for a training.
process.on("SIGINT", () => undefined);
channel.send({ type: "hello", protocol: trainerVersion, version, node: process.versions.node, pid: process.pid });
