import type { Authority, StateStart } from '../../../change/engine/authority.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { denialRecord } from '../../access/policy/authority.ts'
import { type FreezeSource, freezesInForce, frozenError } from '../../access/policy/freeze-in-force.ts'
import type { SilentCaller } from '../../identity/caller.ts'
import { hasWritten, writes } from './has-written.ts'

/** Refuses the first state of an execution that may change something while a freeze is in force, before anything is sent for it. The store asks once more with the first timed commit: a freeze that is set in between is not missed. */
export function frozenAuthority(
  app: FreezeSource & { readonly project: { policy(): { readonly digest: string } | undefined } },
  caller: SilentCaller,
  authority: Authority,
): Authority {
  const ruling = async (start: StateStart, state: ExecutionState): ReturnType<Authority['decide']> => {
    const [freeze] = await freezesInForce(app)
    if (freeze === undefined) return { effect: 'allow' }
    const records = await app.store.read(state.id)
    if (!writes(start, records) || hasWritten(records)) return { effect: 'allow' }
    const error = frozenError(app, freeze)
    const about = { devices: start.devices, workflow: state.file }
    const made = { reason: error.message, rules: [], policy: app.project.policy()?.digest ?? null }
    return { effect: 'deny', error, record: denialRecord(caller.principal, start.state.scope, about, made) }
  }
  const asked = async (start: StateStart, state: ExecutionState): ReturnType<Authority['decide']> => {
    const allowed = await authority.decide(start, state)
    if (allowed.effect === 'deny') return allowed
    const made = await ruling(start, state)
    return made.effect === 'deny' ? made : allowed
  }
  return {
    decide: (start, state) => {
      const mayBegin = start.state.task === 'push' || start.state.task === 'http'
      return mayBegin && state.status === 'running' ? asked(start, state) : authority.decide(start, state)
    },
  }
}
