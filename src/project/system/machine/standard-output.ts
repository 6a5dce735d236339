import { fstatSync, fsyncSync, writeFileSync } from 'node:fs'
import { codeOf } from '../../../model/error.ts'

const STDOUT = 1

export interface StandardOutput {
  write(text: string): void
  drained(): Promise<void>
  /** Why something could not be written (`ENOSPC`); undefined where nothing was lost, or nobody reads any more, as behind `| head`. */
  lost(): string | undefined
}

const GONE: readonly string[] = ['EPIPE', 'ECONNRESET']

/** To a file everything is written, or said to be lost: Node's own stream counts a part that a full disk has taken as the whole (SyncWriteStream, node 20.20). Behind what was lost nothing more is written, so that a file has a beginning and no holes. */
export function standardOutput(stream: NodeJS.WriteStream): StandardOutput {
  let fault: string | undefined
  const lose = (error: unknown) => {
    const code = codeOf(error)
    // A terminal that has hung up is a reader who has gone.
    if (!GONE.includes(code) && stream.isTTY !== true) fault ??= code
  }
  stream.on('error', lose)
  const isFile = isWrittenAtOnce(stream)
  return {
    write: (text) => {
      if (fault !== undefined) return
      try {
        if (isFile) writeFileSync(STDOUT, text)
        else stream.write(text)
      } catch (error) {
        lose(error)
      }
    },
    drained: async () => {
      await new Promise<void>((resolve) => stream.write('', () => resolve()))
      try {
        if (isFile && fstatSync(STDOUT).isFile()) fsyncSync(STDOUT)
      } catch (error) {
        lose(error)
      }
    },
    lost: () => fault,
  }
}

function isWrittenAtOnce({ isTTY }: NodeJS.WriteStream) {
  if (isTTY === true) return false
  try {
    const stat = fstatSync(STDOUT)
    return stat.isFile() || stat.isCharacterDevice()
  } catch {
    return false
  }
}
