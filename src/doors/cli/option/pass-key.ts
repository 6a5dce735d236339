import type { ProjectStore } from '../../../project/app/store/project-store.ts'
import type { Io } from '../terminal/io.ts'

/** Lets a command write that puts switches back, though its checkpoint key is not the one of the store: what stands against it is a warning. */
export function passKey({ keyFault }: Pick<ProjectStore, 'keyFault'>, io: Pick<Io, 'err'>): void {
  if (keyFault === undefined) return
  const { message } = keyFault
  io.err(`! ${message}; it goes on all the same, because switches may have to be put back: no checkpoint is signed\n`)
}
