import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

const MOST = 67_108_864

export interface FileReading {
  /** A symbolic link at the end of the path is refused (`ELOOP`), not followed. */
  readonly noLink?: boolean
  /** The most bytes that are read; absent: what eosflow reads of any text. A larger file is refused (`EFBIG`). */
  readonly most?: number
}

/** A pipe is not waited for, and what is no regular file is refused: `EISDIR` for a folder, `ENXIO` for a pipe, a socket or a device. Throws what the file system says. */
export function openRegular(path: string, { noLink = false }: FileReading = {}): number {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | (noLink ? constants.O_NOFOLLOW : 0))
  const stat = fstatSync(file)
  if (stat.isFile()) return file
  closeSync(file)
  throw stat.isDirectory() ? fault('EISDIR', `${path} is a folder`) : fault('ENXIO', `${path} is not a regular file`)
}

/** The bytes of a regular file: the one way in which eosflow reads a whole file. Throws as {@link openRegular} does. */
export function readRegular(path: string, reading: FileReading = {}): Buffer {
  const file = openRegular(path, reading)
  try {
    return readOpened(file, path, reading.most)
  } finally {
    closeSync(file)
  }
}

/** The text of a regular file, in UTF-8. Throws as {@link readRegular} does. */
export function readRegularText(path: string, reading: FileReading = {}): string {
  return readRegular(path, reading).toString('utf8')
}

// So much is asked for at once of what does not say how long it is.
const PIECE = 65_536

/** The bytes of what is open, to its end, whatever it says of its size. Throws `EFBIG` beyond `most`. */
export function readOpened(file: number, name: string, most: number = MOST): Buffer {
  const { size } = fstatSync(file)
  if (size > most) throw fault('EFBIG', `${name} has more than ${most} bytes`)
  const pieces: Buffer[] = []
  let read = 0
  for (;;) {
    const piece = Buffer.allocUnsafe(Math.min(Math.max(size - read + 1, PIECE), most - read + 1))
    const count = readSync(file, piece)
    if (count === 0) return pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces)
    read += count
    if (read > most) throw fault('EFBIG', `${name} has more than ${most} bytes`)
    pieces.push(piece.subarray(0, count))
  }
}

function fault(code: string, message: string): Error {
  return Object.assign(new Error(message), { code, syscall: 'open' })
}
