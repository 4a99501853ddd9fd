/** The commands that train and evaluate the same run again, from `revgan.json`. */
export function commandsOf(isEvaluated: boolean): string {
  return ["revgan train --config revgan.json --run RUN", ...(isEvaluated ? ["revgan evaluate --run RUN"] : [])].join(
    "\n",
  );
}
