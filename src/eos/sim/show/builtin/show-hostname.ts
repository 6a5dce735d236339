import { readIdentity } from '../../converge/read-identity.ts'
import { defineShow } from '../format/define.ts'

/** `show hostname`. */
export const showHostname = defineShow({
  words: 'show hostname',
  docs: 'The host name and the fully qualified one; napalm, ntc show_hostname.',
  json: ({ running }) => {
    const { hostname, fqdn } = readIdentity(running)
    return { fqdn, hostname }
  },
  text: ({ running }) => {
    const { hostname, fqdn } = readIdentity(running)
    return `Hostname: ${hostname}\nFQDN:     ${fqdn}\n`
  },
})
