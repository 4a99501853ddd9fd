import { RevganError } from "../../protocol/errors";
import type { Kernels } from "../kernels/kernels";
import { dispose, Tensor } from "../kernels/tensor";
import type { Model } from "../models/model";
import type { Layer } from "../nn/layer";
import type { Batch } from "./objective";

/** Thrown when a loss is infinite or NaN, before its gradients change a weight. */
export class Divergence extends Error {
  /**
   * @param loss name of the loss
   * @param origin name of the first tensor with a value that is not finite: an input picture, a weight or a layer's output; null if
   *   none was found
   */
  constructor(
    readonly loss: string,
    readonly value: number,
    readonly origin: string | null,
  ) {
    super(`${loss} is ${value}`);
  }
}

/**
 * The error that the user sees: the loss, the step, and a lower learning rate to train or resume with.
 *
 * @param where the step, counted from 1, its learning rate, the run's folder, and the checkpoint that it can be resumed from
 */
export function divergenceError(
  { loss, value, origin }: Divergence,
  where: {
    readonly step: number;
    readonly rate: number;
    readonly run: string;
    readonly checkpoint: { readonly step: number } | null;
  },
): RevganError {
  const { step, rate, run, checkpoint } = where;
  const lower = `training.learningRate=${rate / 2}`;
  const message = `the loss ${loss} is ${Number.isNaN(value) ? "not a number" : "infinite"} at step ${step}${origin === null ? "" : `, first in ${origin}`}`;
  if (checkpoint === null)
    return new RevganError("diverged", message, `train again with a lower rate, for example --set ${lower}`);
  return new RevganError(
    "diverged",
    message,
    `go on from step ${checkpoint.step} with a lower rate: \`revgan resume ${run} --set ${lower}\``,
    { resumeWith: lower },
  );
}

/** Name and value of the first loss that is not finite; null if all are finite. Borrows the scalars. */
export function lossAtFault(k: Kernels, losses: ReadonlyMap<string, Tensor>): { name: string; value: number } | null {
  for (const [name, scalar] of losses) {
    const value = k.read(scalar)[0]!;
    if (!Number.isFinite(value)) return { name, value };
  }
  return null;
}

/**
 * Finds the first tensor with a value that is not finite: checks the batch and the weights, then runs the batch through every generator and
 * discriminator and checks each result. Returns a description for messages; null if all are finite.
 *
 * @param conditional whether the discriminators take pairs of input and output
 */
export function findNonFiniteOrigin(k: Kernels, model: Model, { a, b }: Batch, conditional: boolean): string | null {
  for (const [name, picture] of [
    ["A", a],
    ["B", b],
  ] as const)
    if (!isFinite(k, picture)) return `the picture of ${name}`;
  const parameters = [...model.generatorParameters, ...model.discriminatorParameters];
  const bad = parameters.find(({ value }) => !isFinite(k, value));
  if (bad !== undefined) return `the weights ${bad.name}`;
  const watch = new NonFiniteWatch(k, new Map(parameters.map(({ name, value }) => [value, name])));
  const pass = (chain: Layer, x: Tensor): Tensor => {
    const { y, saved } = chain.forward(watch.kernels, x, "none");
    chain.free(saved);
    return y;
  };
  const there = (real: Tensor, generator: Layer, judge: Layer, back: Layer | null): void => {
    const fake = pass(generator, real);
    const shown = conditional ? k.concat([real, fake]) : fake;
    dispose(pass(judge, shown), back === null ? null : pass(back, fake), ...(conditional ? [shown] : []), fake);
  };
  there(a, model.aToB, model.discriminatorB, model.bToA);
  if (model.bToA !== null) there(b, model.bToA, model.discriminatorA, model.aToB);
  return watch.layer === null ? null : `the output of ${watch.layer}`;
}

/** Wraps kernels to find the first result that is not finite, and the layer that computed it. */
class NonFiniteWatch {
  /** PyTorch's name of the first layer with a result that is not finite; null while all results are finite. */
  layer: string | null = null;
  readonly kernels: Kernels;
  /** The layer whose weights were used last. */
  private here = "the first layer";

  constructor(k: Kernels, names: ReadonlyMap<Tensor, string>) {
    this.kernels = new Proxy(k, {
      get: (target, member) => {
        const value: unknown = Reflect.get(target, member);
        if (typeof value !== "function") return value;
        return (...args: unknown[]): unknown => {
          const name = args
            .map((arg) => (arg instanceof Tensor ? names.get(arg) : undefined))
            .find((each) => each !== undefined);
          if (name !== undefined) this.here = name.slice(0, name.lastIndexOf("."));
          const result: unknown = Reflect.apply(value, target, args);
          if (this.layer === null && !tensorsIn(result).every((tensor) => isFinite(k, tensor))) this.layer = this.here;
          return result;
        };
      },
    });
  }
}

function tensorsIn(result: unknown): Tensor[] {
  if (result instanceof Tensor) return [result];
  return typeof result === "object" && result !== null
    ? Object.values(result).filter((value): value is Tensor => value instanceof Tensor)
    : [];
}

function isFinite(k: Kernels, tensor: Tensor): boolean {
  return k.read(tensor).every(Number.isFinite);
}
