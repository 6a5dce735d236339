/** One HTTP request as eAPI sees it. Header names are in lower case. */
export interface EapiRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
  /** The address it comes from, as the log prints it. */
  readonly from: string
  /** The port that it comes from, where it comes over a socket. */
  readonly port?: number
  /** The common name of a client certificate that was verified. */
  readonly certificate?: string
}
