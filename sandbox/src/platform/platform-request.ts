/** A file that came as a part of a multipart body. */
export interface UploadedFile {
  /** Name of the form field. */
  field: string;
  filename: string;
  contentType: string;
  bytes: Buffer;
}

export interface MultipartForm {
  fields: Readonly<Record<string, string>>;
  files: readonly UploadedFile[];
}

/** A request to the platform, read to its end. */
export interface PlatformRequest {
  method: string;
  path: string;
  query: Readonly<Record<string, string>>;
  /** Where the sandbox is reached, for the links it makes: `127.0.0.1:7201`. */
  host: string;
  /** Where the caller is, as an IPv4 or IPv6 address. */
  callerAddress: string;
  /** The raw body; empty if there was none. */
  bytes: Buffer;
  /** The body, if it is a JSON object. */
  json?: Readonly<Record<string, unknown>>;
  /** The body, if it is multipart/form-data. */
  form?: MultipartForm;
}

/** An answer of the platform: HTTP 200 in every case. */
export type PlatformReply =
  | { json: Readonly<Record<string, unknown>> }
  | { bytes: Buffer; contentType: string; headers?: Readonly<Record<string, string>> };
