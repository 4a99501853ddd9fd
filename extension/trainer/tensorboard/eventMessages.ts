import { Root, type IField } from "protobufjs/light";

const field = (type: string, id: number): IField => ({ type, id });
const repeated = (type: string, id: number): IField => ({ rule: "repeated", type, id });

/**
 * The messages of an event file, limited to the fields that are written here: TensorFlow's `event.proto` and `summary.proto`, the HParams
 * plugin's `plugin_data.proto`, and protobuf's own `struct.proto`. Because of `oneof`, a hyper-parameter of 0 is written, too.
 */
const root = Root.fromJSON({
  nested: {
    Event: {
      fields: {
        wallTime: field("double", 1),
        step: field("int64", 2),
        fileVersion: field("string", 3),
        summary: field("Summary", 5),
        sessionLog: field("SessionLog", 7),
      },
    },
    Summary: {
      fields: { value: repeated("Value", 1) },
      nested: {
        Value: {
          oneofs: { value: { oneof: ["simpleValue", "image"] } },
          fields: {
            tag: field("string", 1),
            simpleValue: field("float", 2),
            image: field("Image", 4),
            metadata: field("SummaryMetadata", 9),
          },
        },
        Image: {
          fields: {
            height: field("int32", 1),
            width: field("int32", 2),
            colorspace: field("int32", 3),
            encodedImageString: field("bytes", 4),
          },
        },
      },
    },
    SummaryMetadata: {
      fields: { pluginData: field("PluginData", 1) },
      nested: { PluginData: { fields: { pluginName: field("string", 1), content: field("bytes", 2) } } },
    },
    SessionLog: { fields: { status: field("int32", 1) } },
    HParamsPluginData: {
      fields: { sessionStartInfo: field("SessionStartInfo", 3), sessionEndInfo: field("SessionEndInfo", 4) },
    },
    SessionStartInfo: {
      fields: {
        hparams: { keyType: "string", type: "HParamValue", id: 1 } as IField,
        startTimeSecs: field("double", 5),
      },
    },
    SessionEndInfo: { fields: { status: field("int32", 1), endTimeSecs: field("double", 2) } },
    /** The fields of `google.protobuf.Value` that are used here. */
    HParamValue: {
      oneofs: { kind: { oneof: ["numberValue", "stringValue", "boolValue"] } },
      fields: { numberValue: field("double", 2), stringValue: field("string", 3), boolValue: field("bool", 4) },
    },
  },
});

/** A value of a summary: a number, a picture, or content for a plugin. */
export interface SummaryValue {
  readonly tag: string;
  readonly simpleValue?: number;
  readonly image?: {
    readonly height: number;
    readonly width: number;
    /** The number of channels. */
    readonly colorspace: number;
    readonly encodedImageString: Uint8Array;
  };
  readonly metadata?: { readonly pluginData: { readonly pluginName: string; readonly content: Uint8Array } };
}

/** An event. Beside `wallTime` and `step` it has exactly one of the other fields. */
export interface EventMessage {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step: number;
  readonly fileVersion?: string;
  readonly summary?: { readonly value: readonly SummaryValue[] };
  readonly sessionLog?: { readonly status: number };
}

/** The messages for the HParams plugin at the beginning and at the end of a run. */
export interface HParamsMessage {
  readonly sessionStartInfo?: {
    readonly hparams: Readonly<Record<string, HParamValue>>;
    readonly startTimeSecs: number;
  };
  readonly sessionEndInfo?: { readonly status: number; readonly endTimeSecs: number };
}

/** The value of a hyper-parameter: a number, a text or a truth value. */
export type HParamValue =
  { readonly numberValue: number } | { readonly stringValue: string } | { readonly boolValue: boolean };

const [eventType, hparamsType] = [root.lookupType("Event"), root.lookupType("HParamsPluginData")];

export function encodeEvent(event: EventMessage): Uint8Array {
  return eventType.encode(event).finish();
}

export function encodeHParams(message: HParamsMessage): Uint8Array {
  return hparamsType.encode(message).finish();
}

/** Reads an event that {@link encodeEvent} wrote. @throws Error for other bytes */
export function decodeEvent(bytes: Uint8Array): EventMessage {
  return eventType.toObject(eventType.decode(bytes), { longs: Number }) as EventMessage;
}
