import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerifyEach } from '../../area/define-verify.ts'

/** The name becomes a word of a shell command: whatever a shell or nslookup could read otherwise is refused. */
const domainName = once(() =>
  z.string().regex(/^\w(?:[\w.-]*\w)?\.?$/, { error: 'expected a domain name, such as www.example.com' }),
)

/** What nslookup prints of a resolved name. The address above it is that of the name server. */
const RESOLVED = /^Name:.*\r?\nAddress(?:es)?:\s*\S/m

/** The switch resolves domain names. */
export const verifyDnsLookup = defineVerifyEach({
  name: 'VerifyDNSLookup',
  summary: 'Verifies that the switch resolves domain names to IP addresses.',
  docs: 'Passes when every domain name resolves to an IP address.',
  example: { domain_names: ['example.com', 'www.example.org'] },
  input: () => z.strictObject({ domain_names: z.array(domainName()).min(1).describe('The names to resolve.') }),
  commands: ({ domain_names: names }) =>
    names.map((name) => ({ cmd: `bash timeout 10 nslookup ${name}`, revision: 1 })),
  answer: () => z.object({ messages: z.array(z.string()).min(1) }),
  judge: ({ domain_names: names }, answers) => {
    const looked = names.map((name, index) => {
      const [printed = ''] = answers[index]?.messages ?? []
      return { name, isUnknown: printed.includes(`Can't find ${name}: No answer`), isResolved: RESOLVED.test(printed) }
    })
    const unknown = looked.filter(({ isUnknown }) => isUnknown).map(({ name }) => name)
    if (unknown.length > 0) {
      return passUnless([`The following domain(s) are not resolved to an IP address: ${unknown.join(', ')}`])
    }
    // Where no server answers, ANTA passes.
    const silent = looked.find(({ isResolved }) => !isResolved)
    return silent === undefined
      ? passUnless([])
      : { status: 'error', reason: `\`nslookup ${silent.name}\` printed no address` }
  },
})
