export interface EndRequest {
  readonly execution: string
  readonly reason: string
  readonly newest?: number | undefined
}
