import { type ConfigTree, restOf } from '../../config/text/tree.ts'

/** What a switch is called. */
export interface Identity {
  readonly hostname: string
  /** The host name with `dns domain` (`ip domain-name` before 4.2x) behind it. */
  readonly fqdn: string
}

/** The name of a switch; `localhost` without `hostname`. */
export function readIdentity(config: ConfigTree): Identity {
  const value = (head: string) => restOf(config.children, `${head} `)
  const hostname = value('hostname') ?? 'localhost'
  const domain = value('dns domain') ?? value('ip domain-name')
  return { hostname, fqdn: domain === undefined ? hostname : `${hostname}.${domain}` }
}
