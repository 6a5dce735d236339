/** `rewritten`: another text, but always the same one (localized by the engine id, or type 7 under a key made of public words: docs/eos.md 4.10). */
export type StoredSecretForm = 'hashed' | 'encrypted' | 'rewritten' | 'verbatim'

/** One form of EOS line that carries a secret. */
export interface SecretForm {
  readonly name: string
  readonly kept: StoredSecretForm
  readonly pattern: RegExp
}

/** A form whose words are known, so that they are known when they are shortened too. */
export interface CommandForm extends SecretForm {
  /** The form as EOS prints it, as {@link commandPattern} takes it. */
  readonly words: string
  /** Whether a message may quote it, so that it begins within a line. */
  readonly isQuoted: boolean
}

// Every repetition is bounded or starts at a word of its own, so that no line costs more than linear time.
const gap = '[ \\t]{1,16}'
const word = `\\S{1,160}${gap}`
const anyWords = `(?:${word}){0,14}?`
const type = `(?:(?<type>0|5|7|8a|sha512|sha256|md5)${gap})?`
const typeMust = `(?<type>0|5|7|8a|sha512|sha256)${gap}`
const untyped = `(?!(?:0|5|7|8a|sha512)${gap})`
const secret = '(?<secret>"[^"]*"?|\\S+)'
/** Where a line's command begins: behind indentation and a diff's sign. */
export const start = '^[\\s+-]{0,80}'
export const quoted = `(?:${start}|(?<![\\w.-]))`

const snmpHost = `snmp-server host (?:vrf \\S{1,160} )?(?!vrf\\s)(?:"[^"\\s]{1,160}"|'[^'\\s]{1,160}'|[^\\s'"\`]{1,160})`
const snmpOptions = '(?: (?:vrf \\S{1,160}|udp-port \\d+|traps|informs|version (?:1|2c|3)(?: (?:noauth|auth|priv))?))*'
const noSnmpOption = '(?!(?:vrf|version|traps|informs|udp-port)\\b)'
const endsThere = '(?!\\S)(?!\\s+(?:1|2c|3)(?:\\s|$))'

/** The pattern of a form as EOS prints it: one blank stands for any, `<type>` for the type token, `<X>` for the secret, `<words>` for words. */
export function commandPattern(from: string, words: string): RegExp {
  const source = words
    .replaceAll('<no lifetime>', '(?!(?:receive|transmit)-lifetime\\b)')
    .replaceAll(' ', gap)
    .replaceAll('<words>', anyWords)
    .replaceAll('<type>', type)
    .replaceAll('<type!>', typeMust)
    .replaceAll('<untyped>', untyped)
    .replaceAll('<X>', secret)
  return new RegExp(from + source, 'dgi')
}

function form(name: string, kept: StoredSecretForm, from: string, ...parts: readonly string[]): CommandForm {
  const words = parts.join('')
  return { name, kept, pattern: commandPattern(from, words), words, isQuoted: from === quoted }
}

/**
 * The command forms of EOS whose value is a secret (docs/security.md#two-layers; after the lists of oxidized, netconan and
 * AVD): type 7 and 8a strings and hashes count, because type 7 is reversible and hashes can be cracked offline. Where two
 * forms fit one secret, the earlier names it.
 */
export const commandForms: readonly CommandForm[] = [
  form('enable password', 'hashed', quoted, 'enable (?:password|secret) (?:level \\d+ )?<type><X>'),
  form('aaa root secret', 'hashed', quoted, 'aaa root secret <type><X>'),
  form('boot secret', 'hashed', quoted, 'boot secret <type><X>'),
  form('username ssh-key', 'verbatim', quoted, 'username \\S{1,160} (?:ssh-key|sshkey) (?!file\\b)(?<secret>\\S.*)'),
  form('username secret', 'hashed', quoted, 'username <words>(?:secret|password) <type><X>'),
  form('snmp-server community', 'verbatim', quoted, 'snmp-server community <X>'),
  form('snmp-server host', 'verbatim', quoted, `${snmpHost}${snmpOptions} ${noSnmpOption}<X>`, endsThere),
  // Of a line that is misspelt, or has its words in another order, the last word is the community.
  form(
    'snmp-server host',
    'verbatim',
    quoted,
    `${snmpHost} <words>(?<!(?:vrf|version|udp-port)\\s)${noSnmpOption}<X>(?<!\\s\\d+)(?: udp-port \\d+)?(?:\\s*$|(?<=['"\`]))`,
  ),
  form(
    'snmp-server user localized auth',
    'verbatim',
    quoted,
    'snmp-server user <words>localized \\S{1,160} auth \\S{1,16} <X>',
  ),
  form(
    'snmp-server user localized priv',
    'verbatim',
    quoted,
    'snmp-server user <words>localized <words>priv \\S{1,16} <X>',
  ),
  form('snmp-server user auth', 'rewritten', quoted, 'snmp-server user \\S{1,160} <words>auth \\S{1,16} <X>'),
  form('snmp-server user priv', 'rewritten', quoted, 'snmp-server user \\S{1,160} <words>priv \\S{1,16} <X>'),
  form('tacacs-server key', 'encrypted', quoted, 'tacacs-server <words>key <type><X>'),
  form('radius-server key', 'encrypted', quoted, 'radius-server <words>key <type><X>'),
  form('radius proxy key', 'encrypted', quoted, 'radius proxy <words>key <type><X>'),
  form('radius proxy key', 'encrypted', start, '(?:client|dynamic-authorization) <words>key <type><X>'),
  form('ldap bind password', 'encrypted', quoted, '(?:bind|search|ldap-server|ldap) <words>password <type><X>'),
  form('neighbor password', 'encrypted', quoted, 'neighbor \\S{1,160} password (?!shared-secret\\b)<type><X>'),
  form('ospf message-digest-key', 'rewritten', quoted, 'message-digest-key \\d+ \\S{1,16} <type><X>'),
  form('ntp authentication-key', 'encrypted', quoted, 'ntp authentication-key \\d+ \\S{1,16} <type><X>'),
  form('authentication-key', 'rewritten', quoted, '(?<!ntp )authentication-key <type><X>'),
  form(
    'ospfv3 ipsec encryption key',
    'rewritten',
    quoted,
    'ipsec spi \\d+ esp (?!null\\b)\\S{1,16} (?!(?:md5|sha1|passphrase)\\b)<type><X>',
  ),
  form('ospfv3 ipsec key', 'rewritten', quoted, 'ipsec spi \\d+ <words>(?:md5|sha1) (?!passphrase\\b)<type><X>'),
  form('passphrase', 'encrypted', quoted, 'passphrase <type><X>'),
  form(
    'isis authentication key',
    'rewritten',
    quoted,
    'authentication (?:key-id \\d+ algorithm \\S{1,16} (?:rfc-5310 )?)?key <type><X>',
  ),
  form(
    'vrrp authentication',
    'verbatim',
    quoted,
    'vrrp \\d+ (?:peer )?authentication (?:text |ietf-md5 key-string )?<type><X>',
  ),
  form('mac security key', 'encrypted', start, 'key [0-9a-f]{1,64} <type!><X>'),
  form('mac security key', 'encrypted', quoted, 'key [0-9a-f]{2,64} <type><X>'),
  form('key', 'encrypted', start, 'key <type!><X>'),
  form('shared-key', 'encrypted', quoted, 'shared-key <type><X>'),
  form('pre-shared-key', 'encrypted', quoted, 'pre-shared-key (?:(?:ascii|hex|local|remote) ){0,2}<type><X>'),
  form('shared-secret profile', 'rewritten', start, 'secret (?!(?:0|5|7|8a|sha512) \\S+$)\\S{1,160} <type!><X>'),
  form('secret', 'hashed', start, 'secret <type!><untyped><X>'),
  form(
    'password',
    'encrypted',
    start,
    '(?:redis |auth )?password (?!(?:policy|minimum|encryption\\S*)\\b)<type><X>\\s*$',
  ),
  form('typed password', 'encrypted', quoted, '(?:password|secret|key-string) <type!><untyped><X>'),
  form('key-string', 'encrypted', quoted, 'key-string <type><X>'),
  form(
    'shared-secret profile untyped',
    'rewritten',
    quoted,
    'shared-secret profile \\S{1,160} secret (?:<no lifetime>\\S{1,160} )?<type><no lifetime><X>',
  ),
  form(
    'shared-secret profile untyped',
    'rewritten',
    start,
    'secret (?:<no lifetime>\\S{1,160} )?<type><no lifetime><X>(?= (?:receive|transmit)-lifetime|\\s*$)',
  ),
  form('unsupported-transceiver key', 'verbatim', quoted, 'service unsupported-transceiver \\S{1,160} <X>'),
]
