import { hostname } from 'node:os'
import type { ExecutionState } from '../../change/engine/state.ts'
import type { Principal } from '../../model/principal.ts'
import { inputError } from '../system/process/input-error.ts'
import type { SilentCaller } from './caller-of.ts'

const ISSUER = 'worker'

const WORKER_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** The service that a worker is: `worker:NAME` on every record that it writes, the same after a restart. Throws InputError for a name that is none. */
export function workerPrincipal(name = hostname().replace(/[^A-Za-z0-9._-]/g, '-')): Principal {
  if (!WORKER_NAME.test(name)) {
    const hint = 'Letters, digits, `.`, `_` and `-`, at most 64, a letter or a digit first.'
    throw inputError('name', 'bad-usage', `\`${name}\` is no name of a worker`, hint)
  }
  return { issuer: ISSUER, id: `${ISSUER}:${name}`, kind: 'service', auth: 'os' }
}

export function machinePrincipal(): Principal {
  return workerPrincipal(machineName())
}

function machineName() {
  return hostname()
    .replace(/[^A-Za-z0-9._-]/g, '-')
    .replace(/^[^A-Za-z0-9]/, 'm')
    .slice(0, 64)
}

export function workerName({ id }: Pick<Principal, 'id'>): string {
  return id.slice(ISSUER.length + 1)
}

export function isWorker({ issuer }: Pick<Principal, 'issuer'>): boolean {
  return issuer === ISSUER
}

export function judgedFor(caller: SilentCaller, { requester }: Pick<ExecutionState, 'requester'>): SilentCaller {
  return isWorker(caller.principal) && requester !== undefined ? { principal: requester } : caller
}
