/** What `engine status` says to do where an engine could be had; the Doctor offers it. */
export const installRemedies = {
  native: "run `revgan engine install`",
  "native-gpu": "run `revgan engine install --gpu`",
} as const;
