/** An evaluation that went over a limit, or did what expressions must not do. The message completes `threw an error during evaluation: `. */
export class LimitFault extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'LimitFault'
  }
}
