import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs'

/** Flips one bit of a text wherever it is in the files of a store, past SQLite; returns how often. */
export function flipBytes(path: string, text: string): number {
  let flipped = 0
  for (const file of [path, `${path}-wal`].filter((one) => existsSync(one))) {
    const bytes = readFileSync(file)
    const handle = openSync(file, 'r+')
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) {
      const last = at + text.length - 1
      writeSync(handle, Buffer.from([(bytes[last] ?? 0) ^ 1]), 0, 1, last)
      flipped += 1
    }
    closeSync(handle)
  }
  return flipped
}
