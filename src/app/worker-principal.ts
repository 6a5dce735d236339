import type { ExecutionState } from '../engine/state.ts'
import type { Principal } from '../model/principal.ts'
import type { Asking } from './caller.ts'

const ISSUER = 'worker'

/** A name that a worker may have. */
export const WORKER_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** The service that a worker is: `worker:NAME` on every record that it writes. `name` fits {@link WORKER_NAME} and is the same after a restart. */
export function workerPrincipal(name: string): Principal {
  return { issuer: ISSUER, id: `${ISSUER}:${name}`, kind: 'service', auth: 'os' }
}

/** Whether somebody is a worker: no identity provider may be called so. */
export function isWorker({ issuer }: Pick<Principal, 'issuer'>): boolean {
  return issuer === ISSUER
}

/**
 * Whom the policy judges in an execution: whoever goes on with it, and where that is a worker the one who has asked for it, with the login that
 * is on record. So a worker may do neither more nor less than the requester. Where none is on record it is judged itself.
 */
export function judgedFor(caller: Asking, { requester }: Pick<ExecutionState, 'requester'>): Asking {
  return isWorker(caller.principal) && requester !== undefined ? { principal: requester } : caller
}
