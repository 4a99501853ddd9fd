import * as z from "zod/mini";
import { RevganError, type ErrorCode } from "../protocol/errors";

/** Shared by the schemas of a run folder's files. The files are untrusted: every field is checked and limited. */

export const stepSchema = z.int().check(z.gte(0));

export const isoTimeSchema = z
  .string()
  .check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/, "must be an ISO time in UTC"));

/** A Slurm job's number. It is checked strictly because it becomes an argument of Slurm's programs. */
export const jobSchema = z.string().check(z.regex(/^\d{1,15}$/, "must be the number of a job"));

/** Code and remedy of the error for a damaged file. */
export interface DamageError {
  readonly code: ErrorCode;
  readonly remedy: string;
}

/** @param source the file's path, for messages. @throws RevganError with the given code and remedy if the text is not JSON */
export function parseJson(text: string, source: string, { code, remedy }: DamageError): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RevganError(code, `${source} is damaged: it is not JSON`, remedy, { cause });
  }
}

/** @param source the file's path, for messages. @throws RevganError with the given code and remedy, naming the field that is wrong */
export function requireValid<T extends z.ZodMiniType>(
  schema: T,
  value: unknown,
  source: string,
  { code, remedy }: DamageError,
): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue?.path.join(".") || "its top level";
  throw new RevganError(code, `${source} is damaged at ${where}: ${issue?.message ?? "unknown"}`, remedy);
}
