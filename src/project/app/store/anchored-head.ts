import { closeSync, existsSync, fstatSync, readSync } from 'node:fs'
import { resolve } from 'node:path'
import type { CheckpointVerifier } from '../../../change/record/audit/checkpoint-key.ts'
import { checkpointNotesIn, noteOf } from '../../../change/record/audit/checkpoint-notes.ts'
import type { Memory, RememberedHead } from '../../../change/record/postgres/remembered.ts'
import { REGISTER_CHAIN } from '../../../change/record/seal/link.ts'
import type { Project } from '../../files/project.ts'
import { openRegular } from '../../system/machine/regular-file.ts'

/** A file of an anchor is only appended to: the newest checkpoint is among so many bytes at its end. */
const TAIL = 64 * 1024

/**
 * What a machine remembers of a store, with what the newest signed checkpoint says of the register that a file of an anchor has: it is looked at
 * whenever the store is opened, also on a machine that remembers nothing.
 */
export function withAnchored(
  memory: Memory,
  project: Pick<Project, 'dir' | 'settings'>,
  origin: string,
  verifier: CheckpointVerifier,
): Memory {
  const anchored = (): readonly RememberedHead[] => {
    const heads = filesOf(project).flatMap((file) => headsIn(file, origin, verifier))
    // Where a loss was accepted the newest one may say less than those before, which are accepted with it.
    const [longest] = heads.toSorted((one, other) => other.n - one.n)
    const [newest] = heads.toSorted((one, other) => ((one.at ?? '') < (other.at ?? '') ? 1 : -1))
    return [...new Set([longest, newest])].filter((head) => head !== undefined)
  }
  return {
    read: () => [...memory.read(), ...anchored()],
    remember: (heads, over) => memory.remember(heads, over),
    settle: (heads) => memory.settle(heads),
    close: () => memory.close(),
  }
}

function filesOf({ dir, settings }: Pick<Project, 'dir' | 'settings'>): readonly string[] {
  const files = settings.audit.anchors.flatMap((anchor) => ('file' in anchor ? [resolve(dir, anchor.file)] : []))
  return files.filter((file) => existsSync(file))
}

function headsIn(file: string, origin: string, verifier: CheckpointVerifier): readonly RememberedHead[] {
  return checkpointNotesIn(endOf(file)).flatMap((found) => {
    const note = noteOf(origin, found)
    const opened = note === undefined ? undefined : verifier.openChains(note)
    if (opened === undefined || 'fault' in opened || opened.at === undefined || opened.register.n === 0) return []
    const { register, seq, at } = opened
    const hash = Buffer.from(register.hash).toString('hex')
    return [{ chain: REGISTER_CHAIN, n: register.n, hash, pos: seq, restored: '', at }]
  })
}

/** What cannot be read is said by whoever takes checkpoints there. */
function endOf(path: string): string {
  try {
    const file = openRegular(path)
    try {
      const { size } = fstatSync(file)
      const end = Buffer.alloc(Math.min(size, TAIL))
      readSync(file, end, 0, end.length, size - end.length)
      return end.toString()
    } finally {
      closeSync(file)
    }
  } catch {
    return ''
  }
}
