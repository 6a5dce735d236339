/** The person on call: whoever approves with a passkey, and starts what was approved. */
export interface OnCall {
  /** By what the passkey was made and used, for whoever reads what came of it. */
  readonly by: string
  /** Makes a passkey. Gives the line of `trust/passkeys` for it. */
  makePasskey(): Promise<string>
  /** Approves the plan with the passkey. */
  approve(digest: string, comment: string): Promise<void>
  /** Starts the change of the plan. Gives its execution. */
  start(digest: string): Promise<string>
  /** A picture of the page of the plan, PNG; undefined where nobody has a browser. */
  picture(digest: string): Promise<Buffer | undefined>
  close(): Promise<void>
}
