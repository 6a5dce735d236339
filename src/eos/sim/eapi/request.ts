export interface EapiRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
  readonly from: string
  readonly port?: number
  readonly certificate?: string
}
