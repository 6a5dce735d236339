import type { Place, Problem } from '../../../model/error.ts'
import { ValueFault } from '../../../model/once.ts'
import type { TemplateFault } from '../../../text/jinja/value/value.ts'
import type { VaultFault } from '../vault/decrypt-vault.ts'

export function templateFault({ message, hint, code, problem }: TemplateFault, at: Place): ValueFault {
  const own: Problem = { code: 'inventory-jinja', message, at, ...(hint === '' ? {} : { hint }) }
  return new ValueFault(problem ?? own, code === 'template-undefined')
}

export function vaultFault({ message, reason }: VaultFault, at: Place): ValueFault {
  const hint = reason === 'damaged' ? 'encrypt the value again' : 'give the password of that id (`vault:`)'
  return new ValueFault({ code: 'inventory-vault', message, at, hint })
}

export function cycleFault(chain: readonly string[], at: Place): ValueFault {
  const message = `the value is made of itself: ${shortened(chain).join(' -> ')}`
  return new ValueFault({ code: 'inventory-jinja', message, at, hint: 'let one of them name no other' })
}

export function depthFault(chain: readonly string[], limit: number, at: Place): ValueFault {
  const message = `the value is made of others in more than ${limit} steps: ${shortened(chain).join(' -> ')}`
  return new ValueFault({ code: 'inventory-jinja', message, at, hint: 'name the last of them here' })
}

export function sizeFault(limit: number, at: Place): ValueFault {
  const message = `the templates of this host make more than ${limit / 1_048_576} MiB of text`
  return new ValueFault({ code: 'inventory-jinja', message, at, hint: 'look for a value that grows with itself' })
}

function shortened(chain: readonly string[]) {
  return chain.length <= 7 ? chain : [...chain.slice(0, 3), '…', ...chain.slice(-3)]
}
