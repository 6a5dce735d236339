import {
  type CommandForm,
  commandForms,
  commandPattern,
  quoted,
  type SecretForm,
  type StoredSecretForm,
  start,
} from './secrets-forms.ts'

function shape(name: string, pattern: RegExp): SecretForm {
  return { name, kept: 'verbatim', pattern }
}

interface Quoting {
  readonly open: string
  readonly char: string
  readonly secret: string
}

// What is left of a word: pieces in quotes, escaped characters, others. A `;` before a blank ends it.
const rest = `(?:"[^"]*"|'[^']*'|\\\\.|(?!;(?:\\s|$))[^\\s"'\\\\])+`

// A secret without quotes around the whole of its word ends at a blank, or at the quote that was opened before its command.
const QUOTINGS: readonly Quoting[] = [
  { open: '', char: `[^\\s"']`, secret: rest },
  { open: '\\$?"', char: '[^"]', secret: `(?:[^"]+(?:"${rest})?|"${rest})` },
  { open: "\\$?'", char: "[^']", secret: `(?:[^']+(?:'${rest})?|'${rest})` },
  { open: `\\\\["']`, char: `[^"']`, secret: `[^"'\\\\]+` },
]

function value(name: string, option: string, before: string, flags = 'dgi'): readonly SecretForm[] {
  return QUOTINGS.map(({ open, char, secret }) =>
    shape(name, new RegExp(`${option}${open}${before.replaceAll('<c>', char)}(?<secret>${secret})`, flags)),
  )
}

// Where a word of a command line begins: also behind a diff's sign and within quotes.
const word = '(?<![^\\s"\'`=(;|&+-])'
// The options of curl that take no value, which may stand joined before one that does.
const flags = '[sfkvilgjmnoqrza0-6#]{0,12}'
// A blank after an option, which may stand in quotes of its own.
const blank = '["\']?[ \\t]+'
const gap = `(?:${blank}|=)?`
// A name of 256 characters at most, and the colon behind it: in quotes of its own, or not.
const user = `(?:["'](?:(?!["':])<c>|[ \\t]){0,256}["']|(?:(?!:)<c>){0,256}):`
const names = 'api-?key|token|secret|auth|authorization|authentication|cookie|password|passwd|session|credentials?'

type ProgramRow = readonly [programs: string, option: string, takes?: 'joined' | 'either', before?: string]

// Programs that take a secret by an option which means something else in others.
const PROGRAMS: readonly ProgramRow[] = [
  ['sshpass', '-p'],
  ['ldap[a-z]{3,10}', '-[a-zA-Z]{0,8}w'],
  // Where a blank is after it, it asks for the password, and what follows is the database.
  ['(?:mysql|mariadb)[a-z-]{0,20}', '-p', 'joined'],
  ['(?:mongo|ncftp)[a-z]{0,10}', '-p'],
  ['(?:docker|podman)[ \\t]+login', '-p'],
  ['(?:smb[a-z]{3,10}|rpcclient|net)', '(?:-U|--user)', 'either', '<c>{1,256}?%'],
  ['lftp', '(?:-u|--user)', 'either', '<c>{1,256}?,'],
  ['snmp[a-z]{3,10}', '-[cAX]'],
  ['openssl', '-pass(?:in|out)?', 'either', 'pass:'],
  ['redis-cli', '-a'],
  ['mosquitto_[a-z]{2,8}', '(?:-P|--pw)'],
  ['ipmitool', '-[Pky]'],
  ['(?:plink|pscp|psftp)', '-pw'],
  ['ssh-keygen', '-[NP]'],
  ['(?:un)?zip', '-P'],
]

function ofProgram([programs, option, takes = 'either', before = '']: ProgramRow): readonly SecretForm[] {
  const named = `(?<=(?<![\\w.-])${programs}(?![\\w-])[^]{0,600}?(?<![\\w-])${option})`
  const between = takes === 'joined' ? '' : `(?:["']?[ \\t]+|=)?`
  return value('option of a program', `(?<![\\w-])${option}${named}${between}`, before, 'dg')
}

// What begins an option: lines without one cannot carry a secret of a program.
const anOption = new RegExp(`${word}-{1,2}[a-z0-6#]`, 'i')

/** Secrets that stand behind an option of a program, as of `curl -u`: first or last, joined, in quotes, on a line of its own. */
export const optionForms: readonly SecretForm[] = [
  ...value('curl user', `${word}-${flags}u(?!rl\\b)${gap}`, `(?!\\+%)${user}`),
  ...value('curl user', `${word}--(?:(?:proxy-)?user|auth)(?:${blank}|=)`, user),
  ...value(
    'curl certificate',
    `${word}(?:-${flags}e|--(?:proxy-)?cert)${gap}`,
    '<c>{1,256}?\\.(?:pem|crt|cer|p12|pfx|der):',
  ),
  ...value('curl cookie', `${word}(?:-${flags}b|--cookie)${gap}`, '(?:(?![=:/])<c>){1,256}='),
  ...value(
    'curl header',
    `${word}(?:-${flags}h|--(?:proxy-)?header)${gap}`,
    `(?:(?!:)<c>){0,80}(?:${names})(?:(?!:)<c>){0,20}:(?:\\\\?[ \\t])*(?:(?:bearer|basic|token|digest|apikey)(?:\\\\?[ \\t])+)?`,
  ),
  shape(
    'curl proxy',
    new RegExp(
      `${word}(?:-${flags}x|--(?:pre)?proxy(?:1\\.0)?|--socks[45](?:a|-hostname)?)${gap}(?:\\S{1,24}?//)?[^\\s:/]{0,256}:(?<secret>\\S{1,512})@`,
      'dgi',
    ),
  ),
  ...PROGRAMS.flatMap(ofProgram),
  ...value(
    'option of a program',
    `(?<!\\w|\\S-)--(?:[a-z0-9]{1,20}-){0,3}(?:(?:tls)?pass(?:word|wd|phrase)?|pwd|secret|token|bearer|api-?key)(?:=|${blank}(?!-))`,
    `(?![/"']|\\\\["'])`,
  ),
]

export const shapeForms: readonly SecretForm[] = [
  shape('TerminAttr key', /(?:-(?:cv|ingest)auth=|\.auth=)(?:key,|token(?:-secure)?,(?!\/))(?<secret>[^\s,]+)/dg),
  shape(
    'password in a URL',
    /(?<![\w.]|\S[+-])[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{0,256}:(?<secret>[^\s/"']{1,512}|(?!\d{1,5}\/)[^\s@"']{1,512})@/dgi,
  ),
  ...value(
    'variable of a shell',
    '(?<!\\w|\\S-)(?:[a-z0-9]{1,20}_){0,4}(?:[a-z]{0,12}password|passwd|passphrase|secret|token|api_?key|secret_access_key)=',
    `(?![/$"']|\\\\["'])`,
  ),
  shape(
    'member of a document',
    /(?:password|passwd|passphrase|secret|token|api_?key)\\?["'][ \t]{0,16}:[ \t]{0,16}\\?["'](?<secret>[^"'\\]+)/dgi,
  ),
  shape(
    'header with a key',
    /(?<!\w|\S-)(?:[a-z0-9]{1,20}-){0,4}(?:api-?key|token|secret|authorization):[ \t]{0,16}(?:token[ \t]{1,16}|digest[ \t]{1,16})?(?!(?:bearer|basic)\b)(?<secret>[^\s"']{8,})/dgi,
  ),
  shape('type 7 hex', /(?<![\w.]|\S-)7[ \t]{1,16}(?<secret>[0-9a-f]{6,})(?![\w.:/-])/dgi),
  shape(
    'type 7 base64',
    /(?<![\w.]|\S-)7[ \t]{1,16}(?<secret>(?![A-Z][a-z]{1,200}(?![\w+/=]))(?=[a-z]{0,200}[A-Z0-9+/=])[A-Za-z0-9+/]{9,}(?:[A-Za-z0-9+/]{2}|[A-Za-z0-9+/]=|==))(?![\w.:=-])/dg,
  ),
  shape('type 8a', /(?<![\w.]|\S-)8a[ \t]{1,16}(?<secret>\$\S+)/dg),
  shape('private key', /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?<secret>.{1,8000}?)-----END /dg),
  shape('crypt hash', /(?<!\w)(?<secret>\$(?:1c?|5|6|7|y|gy|2[abxy])\$[^\s"',;]{4,})/dg),
  shape('JSON web token', /(?<!\w|\S-)(?<secret>eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?)/dg),
  shape(
    'authorization header',
    /(?<!\w)(?:Bearer|Basic)[ \t]{1,16}(?<secret>(?=[A-Za-z.~_+/-]{0,200}[0-9=])[\w.~+/=-]{8,})/dgi,
  ),
]

export interface Secret {
  readonly form: string
  readonly value: string
  readonly from: number
  readonly to: number
  /** The type token before the value (`0`, `7`, `8a`, `sha512`), where the line has one. */
  readonly type?: string
  readonly kept: StoredSecretForm
}

// Lines without any of these cannot carry a secret: a whole configuration is mostly such lines.
const hint = /pass|secret|key|token|snmp|auth|ipsec|transceiver|:\/\/|\$|eyJ|bearer|basic|(?<!\w)7\s/i

const freeText = /^[\s+-]{0,80}(?:description|remark|!!)(?:\s|$)/

const isFreeLine = (line: string): boolean => freeText.test(line)

function secretsOf(form: SecretForm, line: string): Secret[] {
  // Nearly no form is in a line, and to go through all matches makes a pattern anew.
  if (line.search(form.pattern) < 0) return []
  return [...line.matchAll(form.pattern)].flatMap((match) => {
    const span = match.indices?.groups?.secret
    const value = match.groups?.secret
    if (!span || value === undefined) return []
    const type = match.groups?.type
    return [{ form: form.name, value, from: span[0], to: span[1], kept: form.kept, ...(type ? { type } : {}) }]
  })
}

function union(line: string, finds: readonly Secret[]): Secret[] {
  const secrets: Secret[] = []
  // The sort is stable: of two finds at one place the form that stands first in the table stays first.
  for (const find of finds.toSorted((a, b) => a.from - b.from)) {
    const last = secrets.at(-1)
    if (!last || last.to <= find.from) secrets.push(find)
    else if (last.to < find.to)
      secrets[secrets.length - 1] = { ...last, to: find.to, value: line.slice(last.from, find.to) }
  }
  return secrets
}

/** The secrets of one line, without a diff's sign or with it, from left to right and never overlapping. */
export function secretsIn(line: string): Secret[] {
  const options = anOption.test(line) ? optionForms : []
  const shapes = options.length > 0 || hint.test(line) ? shapeForms : []
  const commands = shapes.length > 0 && !isFreeLine(line) ? commandForms : []
  return union(
    line,
    [commands, shapes, options].flatMap((forms) => forms.flatMap((form) => secretsOf(form, line))),
  )
}

/** Whether a member of a model of EOS holds a secret, whatever it looks like: `secret`, `communityString`, `sshAuthorizedKey`. */
export function isSecretMember(name: string): boolean {
  return /(?:secret|password|passphrase|communityString|sharedKey|sshAuthorizedKey|authKey|privKey)$/i.test(name)
}

/** Whether a value is what a scrubber left in a secret's place (`show running-config sanitized`, AVD, eosflow itself). */
export function isScrubbed(value: string): boolean {
  return /^<(?:removed|redacted(?::[0-9a-f]{8})?)>$/.test(value)
}

export type Placeholder = (secret: string) => string

/** One line of configuration without its secrets, or without those that are `found`. */
export function redactLine(
  line: string,
  placeholder: Placeholder,
  found: (line: string) => readonly Secret[] = secretsIn,
): string {
  const secrets = found(line).filter(({ value }) => !isScrubbed(value))
  if (secrets.length === 0) return line
  let shown = ''
  let at = 0
  for (const { from, to, value } of secrets) {
    shown += line.slice(at, from) + placeholder(value)
    at = to
  }
  return shown + line.slice(at)
}

const keyBegins = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/
const certificateBegins = /-----BEGIN (?![A-Z0-9 ]{0,40}PRIVATE KEY)/
const blockEnds = /-----END /
// What may stand within a key: base64, a header of an encrypted key, nothing. A diff's hunk may be cut before the end.
const withinKey = /^[\s+-]{0,80}(?:[A-Za-z0-9+/=]*|[A-Za-z-]{1,40}: .*)\s*$/
const pemBody = /^[\s+-]{0,80}?[A-Za-z0-9+/]{60,}={0,2}\s*$/
const pemTail = /^[\s+-]{0,80}?[A-Za-z0-9+/]{1,59}={0,2}\s*$/

type Block = 'none' | 'key' | 'certificate' | 'cut'

// So long is the first line of a PEM body at least.
const PEM_LINE = 60

function blockAfter(line: string, block: Block): Block {
  if (line.includes('-----')) {
    if (blockEnds.test(line)) return 'none'
    if (keyBegins.test(line)) return 'key'
    if (certificateBegins.test(line)) return 'certificate'
  }
  if (block === 'certificate') return block
  if (block === 'key') return withinKey.test(line) ? block : 'none'
  return (line.length >= PEM_LINE && pemBody.test(line)) || (block === 'cut' && pemTail.test(line)) ? 'cut' : 'none'
}

function isKeyMaterial(line: string, within: Block, block: Block) {
  if (within === 'key') return block === 'key' && line.trim() !== 'EOF'
  return block === 'cut'
}

// A line of a private key, with its sign and indentation kept, so that a diff keeps its shape.
function redactKeyLine(line: string, placeholder: Placeholder) {
  const lead = /^[+-]?\s*/.exec(line)?.[0] ?? ''
  const body = line.slice(lead.length)
  return body === '' || isScrubbed(body) ? line : lead + placeholder(body)
}

/** Configuration text without its secrets: a whole running-config, a diff with `+` and `-` before its lines, a message that quotes a command, or one line (the forms of docs/security.md#two-layers). Lines stay lines; a private key loses each line of its body. */
export function redact(text: string, placeholder: Placeholder = () => '<redacted>'): string {
  return redactLines(text, placeholder, (line) => redactLine(line, placeholder))
}

// The same, without the secrets that are `found` in each line, from left to right.
function redactSecrets(text: string, found: (line: string) => readonly Secret[]) {
  const placeholder = () => '<redacted>'
  return redactLines(text, placeholder, (line) => redactLine(line, placeholder, found))
}

const MOST_KEPT = 20_000

/**
 * The same, with `ofLine` for each line that is in no private key. `plain` keeps, for the next texts, the lines that hold nothing to hide where they
 * are in no block and begin none: most lines of two switches are the same.
 */
export function redactLines(
  text: string,
  placeholder: Placeholder,
  ofLine: (line: string) => string,
  plain?: Set<string>,
): string {
  let block: Block = 'none'
  let isAsItWas = true
  const lines = text.split('\n').map((line) => {
    if (block === 'none' && plain?.has(line) === true) return line
    const within = block
    block = blockAfter(line, block)
    const shown = isKeyMaterial(line, within, block) ? redactKeyLine(line, placeholder) : ofLine(line)
    if (shown !== line) isAsItWas = false
    else if (plain !== undefined && within === 'none' && block === 'none' && plain.size < MOST_KEPT) plain.add(line)
    return shown
  })
  return isAsItWas ? text : lines.join('\n')
}

/**
 * A placeholder `<redacted:8 hex>` from a keyed digest: a changed secret still shows as a changed line and equal ones look
 * equal, and nobody without the key can guess a weak secret from it. `hmac` gives the hex digest of a secret.
 */
export function keyedPlaceholder(hmac: (secret: string) => string): Placeholder {
  return (secret) => `<redacted:${hmac(secret).slice(0, 8)}>`
}

/** A secret behind a keyword that is shortened: EOS takes any beginning of a word that begins no other at its place. */
export interface ShortSecret extends Secret {
  readonly short: string
  readonly word: string
}

const PIECE =
  /\\.|\[[^\]]*\]|\{[^}]*\}|<[^>]*>|\(\?<?[!=](?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)|(?<keyword>(?<![\w-])[a-z][a-z0-9-]*)/g

// Words that are complete where they begin a longer one: `ip ospf authentication message-digest` sets no key.
const WHOLE: ReadonlySet<string> = new Set(['authentication', 'key'])

const BEFORE =
  '(?:(?:no|default) )?(?:command )?(?:ip ospf |ospfv3 <words>|isis |area \\S{1,160} <words>|authentication |session )?'

// So long is a beginning at least that is known wherever it stands.
const LONG = 5

const keywordsIn = (words: string) => [
  ...new Set([...words.matchAll(PIECE)].flatMap(({ groups }) => groups?.keyword ?? [])),
]

function beginnings(word: string) {
  const all = Array.from(word, (_, at) => word.slice(0, at + 1))
  return all.filter((one) => one === word || !WHOLE.has(one.replace(/-$/, '')))
}

function isTelling(begun: string, word: string) {
  const hyphen = word.indexOf('-')
  return begun === word || begun.length > (hyphen < 0 ? LONG - 1 : hyphen + 1)
}

function shortened(words: string, isTaken: (begun: string, word: string) => boolean = () => true) {
  return words.replaceAll(PIECE, (piece, ...rest) => {
    const { keyword } = rest.at(-1) as { readonly keyword?: string }
    if (keyword === undefined) return piece
    const taken = beginnings(keyword).filter((begun) => isTaken(begun, keyword))
    return `(?:${taken.toReversed().join('|')})`
  })
}

interface TypedForm {
  readonly form: CommandForm
  readonly keywords: readonly string[]
  readonly patterns: readonly RegExp[]
}

function typedForm(form: CommandForm): TypedForm {
  const keywords = keywordsIn(form.words)
  // What looks like a keyword, and has more behind it, may be one: a user named `s` has a secret after `sec`.
  const words = form.words.replace('<X>', `(?!(?:${keywords.flatMap(beginnings).join('|')})\\s+\\S)<X>`)
  const before = form.isQuoted ? BEFORE : '(?:(?:no|default) )?'
  const patterns = [form.words, words].map((one) => commandPattern(start, shortened(before + one)))
  if (form.isQuoted) patterns.push(commandPattern(quoted, shortened(words, isTelling)))
  return { form, keywords, patterns }
}

let made: readonly TypedForm[] | undefined
let begun: ReadonlySet<string> | undefined

function typedForms() {
  made ??= commandForms.map(typedForm)
  return made
}

function hasBeginning(line: string) {
  begun ??= new Set(
    typedForms().flatMap(({ keywords }) => keywords.flatMap((word) => beginnings(word).filter((one) => one !== word))),
  )
  return line.split(/[\s"'`]+/).some((word) => begun?.has(word.toLowerCase()))
}

function shortIn({ form, keywords, patterns }: TypedForm, line: string): readonly ShortSecret[] {
  // What is written out is found without this, and a word before it that only looks shortened is a name.
  const known = Math.max(0, ...secretsOf(form, line).map(({ to }) => to))
  return patterns.flatMap((pattern) =>
    secretsOf({ ...form, pattern }, line).flatMap((secret): ShortSecret[] => {
      if (secret.from < known) return []
      const typed = line
        .slice(0, secret.from)
        .toLowerCase()
        .split(/\s+/)
        .filter((word) => word !== '' && !keywords.includes(word))
      const found = typed.toReversed().flatMap((short) => {
        const word = keywords.find((one) => beginnings(one).includes(short))
        return word === undefined ? [] : [{ ...secret, short, word }]
      })
      return found.slice(0, 1)
    }),
  )
}

/** The secrets of a typed line that stand behind a shortened keyword. */
export function shortSecretsIn(line: string): readonly ShortSecret[] {
  if (!hasBeginning(line) || isFreeLine(line)) return []
  return typedForms().flatMap((form) => shortIn(form, line))
}

/** The keyword of a secret that a typed line has shortened, written out; undefined for none. */
export const shortKeyword = (line: string): string | undefined => shortSecretsIn(line)[0]?.word

/** A typed line, or several, without their secrets, also of those behind a shortened keyword. */
export function redactTyped(text: string): string {
  return redactSecrets(text, (line) => union(line, [...secretsIn(line), ...shortSecretsIn(line)]))
}

/** Tells that typed lines hold a secret, which {@link redactTyped} takes out. */
export function holdsTypedSecret(text: string): boolean {
  return redactTyped(text) !== text
}
