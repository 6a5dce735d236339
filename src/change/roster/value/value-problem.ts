import { ValueFault } from '../../../model/lazy-value.ts'
import type { Place, Problem } from '../../../model/problem.ts'
import type { TemplateFault } from '../../../text/jinja/value/fault.ts'
import type { VaultFault } from '../vault/vault-fault.ts'

/** The fault of a template in a value, at the place of the value; of a value that it reads, at the place of that one. */
export function templateFault({ message, hint, code, problem }: TemplateFault, at: Place): ValueFault {
  const own: Problem = { code: 'inventory-jinja', message, at, ...(hint === '' ? {} : { hint }) }
  return new ValueFault(problem ?? own, code === 'template-undefined')
}

/** The fault of a vault that cannot be opened. */
export function vaultFault({ message, reason }: VaultFault, at: Place): ValueFault {
  const hint = reason === 'damaged' ? 'encrypt the value again' : 'give the password of that id (`vault:`)'
  return new ValueFault({ code: 'inventory-vault', message, at, hint })
}

/** The fault of values that are made of one another without an end. */
export function cycleFault(chain: readonly string[], at: Place): ValueFault {
  const message = `the value is made of itself: ${shortened(chain).join(' -> ')}`
  return new ValueFault({ code: 'inventory-jinja', message, at, hint: 'let one of them name no other' })
}

/** The fault of values that are made of one another in too many steps. */
export function depthFault(chain: readonly string[], limit: number, at: Place): ValueFault {
  const message = `the value is made of others in more than ${limit} steps: ${shortened(chain).join(' -> ')}`
  return new ValueFault({ code: 'inventory-jinja', message, at, hint: 'name the last of them here' })
}

/** The fault of values that are too large together. */
export function sizeFault(limit: number, at: Place): ValueFault {
  const message = `the templates of this host make more than ${limit / 1_048_576} MiB of text`
  return new ValueFault({ code: 'inventory-jinja', message, at, hint: 'look for a value that grows with itself' })
}

/** The first and the last of a long chain. */
function shortened(chain: readonly string[]): readonly string[] {
  return chain.length <= 7 ? chain : [...chain.slice(0, 3), '…', ...chain.slice(-3)]
}
