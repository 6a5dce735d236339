import { createHash } from 'node:crypto'
import type { Room } from '../../change/record/room.ts'
import { atRest } from '../../change/record/sqlite/group-commit.ts'
import { noClaims } from '../../change/record/store/claims.ts'
import type { Journal } from '../../change/record/store/journal.ts'
import type { Leases } from '../../change/record/store/lease.ts'
import { noNotes } from '../../change/record/store/notes.ts'
import type { Store } from '../../change/record/store/store.ts'
import type { Transport } from '../../eos/device/transport.ts'
import type { Clock } from '../../model/clock.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { signingKeyOf } from '../../model/ed25519.ts'
import { EosflowError } from '../../model/error.ts'
import type { HttpPort } from '../../model/http-port.ts'
import { onlyKey } from '../../model/install-keys.ts'
import type { App } from '../../project/app/app.ts'
import type { Project } from '../../project/files/project.ts'
import type { KeyRing, SigningKeys } from '../../project/system/machine/signing-keys.ts'
import type { Host } from '../../project/system/process/host.ts'
import type { Seams } from '../../project/system/process/seams.ts'
import { bareHost } from './silent-console.ts'

// A key takes longer to make than a simulated request: each name has its own once and for all.
const rings = new Map<string, KeyRing>()

export interface TrialParts {
  readonly project: Project
  readonly store: Store & Leases
  readonly room: Room
  readonly clock: Clock
  readonly transport: Transport
  readonly http?: HttpPort
  /** The key of every digest: of no other use, so that it is no secret. */
  readonly key: string
  readonly journal?: (journal: Journal) => Journal
  readonly seams?: Pick<Seams, 'random' | 'names' | 'principal' | 'tasks' | 'unaskedJudges'>
  readonly words?: Host['words']
}

/** It claims no execution, so that a trial can have a second process take over what a living one runs. */
export function trialApp(parts: TrialParts): App {
  const { project, store, room, clock, transport, http, key, journal = (inner) => inner, seams = {}, words } = parts
  return {
    ...bareHost(project.dir, {
      ...definedMembers({ words }),
      seams: {
        ...seams,
        // No person is told of a change of switches that are not there.
        unaskedAround: true,
        clock,
        moment: atRest,
        journal,
        transport: () => transport,
        ...(http === undefined ? {} : { http: () => http }),
      },
    }),
    insecureTls: false,
    project,
    store,
    journalAs: (actor) => journal(store.as(actor)),
    claims: noClaims,
    notes: noNotes,
    leases: store,
    room,
    isLost: () => false,
    clock,
    key: onlyKey(key),
    keys: memoryKeys(key),
  }
}

// The signing keys of a store in memory, for simulated switches only: made of a name, so that they are nobody's secret.
function memoryKeys(name: string): SigningKeys {
  const ring = (key: string) => {
    const whole = `${name}/${key}`
    const known = rings.get(whole)
    if (known !== undefined) return known
    const made = signingKeyOf(createHash('sha256').update(whole).digest())
    const one = { key: made, retired: [], lost: [], source: 'memory' }
    rings.set(whole, one)
    return one
  }
  return {
    read: ring,
    readOrMake: ring,
    rotate: (key) => Promise.reject(new EosflowError('bug', `the ${key} key of a store in memory is not replaced`)),
  }
}
