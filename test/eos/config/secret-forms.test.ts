import { describe, expect, test } from 'vitest'
import { repeatedWord } from '../../../src/doors/cli/outcome/repeat.ts'
import { secretsInAnswers } from '../../../src/eos/check/builtin/assert.ts'
import { redactModel, redactPrinted } from '../../../src/eos/config/secrets/redact-answer.ts'
import {
  keyedPlaceholder,
  optionForms,
  redact,
  secretsIn,
  shapeForms,
} from '../../../src/eos/config/secrets/secrets.ts'
import { commandForms } from '../../../src/eos/config/secrets/secrets-forms.ts'
import { cleartextSecrets } from '../../../src/eos/config/secrets/secrets-in-change.ts'
import { InventedSecrets } from '../../../src/lab/record/invented-secrets.ts'
import { everyNthOfLong } from '../../extent.ts'
import { linesOf, table } from '../../table.ts'
import { secretLines } from './secret-lines.ts'

/** Options of programs, each as a person would write it: `{}` is the value's secret, and the whole value may stand in quotes. */
const OPTIONS = table`
  -u                 ops:{}
  -U                 ops:{}
  --user             ops:{}
  --proxy-user       ops:{}
  -su                ops:{}
  -4sku              ops:{}
  --auth             ops:{}
  -sSfku             CORP\ops:{}
  -E                 /mnt/flash/client.pem:{}
  --cert             /mnt/flash/client.p12:{}
  --proxy-cert       client.pem:{}
  -b                 session={}
  --cookie           session={}
  -x                 ops:{}@10.0.0.9:3128
  --proxy            http://ops:{}@10.0.0.9:3128
  --preproxy         ops:{}@10.0.0.9
  --socks5           ops:{}@10.0.0.9
  --socks5-hostname  ops:{}@10.0.0.9
  --proxy1.0         ops:{}@10.0.0.9
  --password         {}
  --http-password    {}
  --pass             {}
  --pwd              {}
  --proxy-pass       {}
  --tlspassword      {}
  --oauth2-bearer    {}
  --api-key          {}
`

/** Options whose value holds a blank, so that it always stands in quotes. */
const HEADERS = table`
  -H              Authorization: Bearer {}
  -H              Authorization: Basic {}
  -sH             Authorization: GenieKey {}
  --header        authorization: {}
  --header        PRIVATE-TOKEN: {}
  --proxy-header  Proxy-Authorization: Basic {}
  -H              X-API-Key: {}
  -H              Cookie: session={}
  -H              X-Auth-Session: {}
`

/** Programs with an option that means something else in others, and its value. */
const PROGRAMS = table`
  sshpass                                       -p        {}
  sshpass -v                                    -p        {}
  ldapsearch -x -D cn=ops,dc=x                  -w        {}
  ldapmodify -H ldaps://10.0.0.7 -f /tmp/x      -xw       {}
  smbclient //10.0.0.7/share                    -U        ops%{}
  smbclient //10.0.0.7/share                    --user    CORP/ops%{}
  rpcclient 10.0.0.7                            -U        ops%{}
  snmpwalk -v2c                                 -c        {}
  snmpwalk -v3 -l authPriv -u ops -a SHA        -A        {}
  snmpget -v3 -l authPriv -u ops -a SHA -x AES  -X        {}
  openssl rsa -in a.pem                         -passin   pass:{}
  openssl pkcs12 -export                        -passout  pass:{}
  openssl enc -aes-256-cbc                      -pass     pass:{}
  redis-cli -h 10.0.0.7                         -a        {}
  mosquitto_pub -u ops -p 1883                  -P        {}
  mosquitto_sub -u ops                          --pw      {}
  ipmitool -I lanplus -U ops                    -P        {}
  lftp                                          -u        ops,{}
  mongosh --port 27017                          -p        {}
  docker login -u ops                           -p        {}
  pscp -P 22                                    -pw       {}
  ssh-keygen -f x                               -N        {}
  unzip                                         -P        {}
`

/** Where such a command may stand: in an action, by its path, in a shell of its own, in a text, in a message. */
const AFTER_ITS_NAME: readonly string[] = linesOf(`
  action bash {} 10.0.0.7
  alias x bash sudo /usr/bin/{}
  if true; then ({} 10.0.0.7); fi
  description {} | grep ok
  +   exec {} &
  CLI command 3 of 5 '{} 10.0.0.7' failed
`)

const isLong = (option: string) => option.startsWith('--')

/** One option and its value in every way in which a shell takes them as one. */
function written(option: string, value: string) {
  const quoted = [`"${value}"`, `'${value}'`]
  const [before, after] = [value.slice(0, value.indexOf(':') + 1), value.slice(value.indexOf(':') + 1)]
  const words = value.includes(' ')
    ? [...quoted, `\\"${value}\\"`, value.replaceAll(' ', '\\ ')]
    : [value, ...quoted, `$'${value}'`, `\\"${value}\\"`, ...(value.includes(':{}') ? [`"${before}"${after}`] : [])]
  const parted = ['{}', ':{}', '={}'].some((end) => value.endsWith(end))
    ? [value.replace('{}', '"{} two"'), `"${value} two"`, `'${value} two'`, value.replace('{}', 'a"b {}"')]
    : []
  return [...words, ...(value.includes(' ') ? [] : parted)].flatMap((word) => [
    `${option} ${word}`,
    `${option}   ${word}`,
    `${option}\t${word}`,
    isLong(option) ? `${option}=${word}` : `${option}${word}`,
    `"${option}" ${word}`,
  ])
}

/** Where such an option may stand: first, in the middle, last, in a script, in quotes, on a line of its own, in a message. */
const PLACES: readonly string[] = linesOf(`
  curl {} https://10.0.0.7/hook
  action bash curl {} https://10.0.0.7/hook
  action bash /usr/bin/curl {} -k https://10.0.0.7/hook
  action bash curl -s -k {} https://10.0.0.7/hook
  curl ${'https://10.0.0.7/a-long-path '.repeat(30)}{}
  curl https://10.0.0.7/hook {}
     {} \\
  + curl {}
  -   curl {}
  -{}
  if true; then (curl {} https://10.0.0.7); fi
  alias hook bash curl {} https://10.0.0.7
  exec /usr/bin/collector {} --verbose
  description curl {} https://10.0.0.7
`)

/** Shapes that are no option of a program, with their secret between « and ». */
const SHAPES: readonly string[] = linesOf(`
  exec /usr/bin/TerminAttr -cvaddr=10.0.0.5:9910 -cvauth=key,«cNryTerm» -taillogs
  copy https://backup:«pa55w0rd»@10.0.0.7/leaf1.cfg flash:
  copy ftp://u:«pa@ss»@host/x flash:
  copy ftp://u:«pa/ss»@host flash:
  copy ftp://:«pa55w0rd»@host flash:
  action bash mysql -u ops -p«hunter22» inventory
  action bash mysqldump -p'«two words»' inventory
  action bash mysql -p"«two words»" inventory
  action bash mysql -p\\"«word»\\" inventory
  action bash psql postgresql://ops:«hunter22»@10.0.0.7/inventory
  action bash rsync --password=«hunter22» a b
  action bash wget --ftp-user=ops --ftp-password=«hunter22» ftp://10.0.0.7/x
  action bash PGPASSWORD=«abcdef123456» psql
  action bash AWS_SECRET_ACCESS_KEY=«abcdef123456» aws
  action bash NETBOX_TOKEN=«abcdef123456» x
  action bash DB_PASSWORD='«two words»' x
  action bash DB_PASSWORD="«two words»" x
  action bash DB_PASSWORD=\\"«word»\\" x
  action bash curl -d "user=ops&password=«hunter22»" https://10.0.0.7
  action bash curl https://10.0.0.7/?token=«hunter22»
  action bash curl -d '{"user": "ops", "password": "«hunter22»"}' https://10.0.0.7
  action bash curl -d "{\\"password\\": \\"«hunter22»\\"}" https://10.0.0.7
     X-API-Key: «abcdef123456»
  Authorization: Token «abcdef123456»
  some future command 7 «070E234F1F5B4A»
  some future command 7 «q+VNViPaNi1rVjWJcxFv2A==»
  some future command 8a «$kUVyoj7FVQ==$kxxohBio»
  -----BEGIN PRIVATE KEY-----«MIIEcanary»-----END PRIVATE KEY-----
  some future command with a hash «$6$saltsalt$Zm9vYmFyYmF6»
  action bash curl --data «eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlMTIz»
  note Bearer «abcDEF123456_-x»
`)

const CANARY = 'cNry1Word'

const ofPrograms = PROGRAMS.flatMap(([program, option = '', value = '']) =>
  written(option, value).flatMap((text) =>
    AFTER_ITS_NAME.map((place) => place.replace('{}', () => `${program} ${text}`).replaceAll('{}', CANARY)),
  ),
)

/** Each line, and the secret in it that must be nowhere. */
const lines: readonly (readonly [line: string, secret: string])[] = [
  ...[...OPTIONS, ...HEADERS].flatMap(([option = '', value = '']) =>
    written(option, value).flatMap((text) =>
      PLACES.map((place) => [place.replace('{}', () => text).replaceAll('{}', CANARY), CANARY] as const),
    ),
  ),
  ...ofPrograms.map((line) => [line, CANARY] as const),
  ...SHAPES.flatMap((line) =>
    ['', '   ', '+', '-', '+   '].map(
      (sign) => [sign + line.trim().replaceAll(/[«»]/g, ''), /«(.*)»/.exec(line)?.[1] ?? ''] as const,
    ),
  ),
]

/** Everything that takes secrets out of a text, and what it leaves of a line: what is printed, stored, recorded and asked. */
const DOORS: Readonly<Record<string, (line: string) => string>> = {
  'a configuration': (line) => redact(`hostname leaf1\n${line}\n!`),
  'a configuration with keyed placeholders': (line) =>
    redact(
      line,
      keyedPlaceholder(() => '0a1b2c3d4e'),
    ),
  'what a command printed': (line) => redactPrinted(`x\n${line}`, () => '<redacted>'),
  'a member of a model': (line) =>
    JSON.stringify(redactModel({ output: line, cmds: { [line]: {} } }, () => '<redacted>')),
  'a recording': (line) => new InventedSecrets('key').config(line),
  'a command line that is repeated': (line) => repeatedWord(line),
  'a problem of a change': (line) =>
    cleartextSecrets([line])
      .map((found) => found.line)
      .join('\n'),
  'what a check says': (line) =>
    secretsInAnswers([{ ok: true, json: line }]).reduce((text, value) => text.replaceAll(value, ''), line),
}

describe('every row of the tables of secrets, in every place, quoting and joining', () => {
  // A number that shares no factor with those of the places and of the spellings: each cut has all of them.
  const some = everyNthOfLong(17, 'lines with a secret', lines)

  test.each(Object.entries(DOORS))('[3G1] [3G1b] leaves nothing in %s', (_, door) => {
    const left = some.filter(([line, secret]) => door(line).includes(secret)).map(([line]) => line)
    expect(left.slice(0, 5)).toEqual([])
    expect(lines.length).toBeGreaterThan(5000)
  })

  test('[3G1] every pattern of the tables is met by a line of these', () => {
    const looked = [...secretLines.map((line) => line.replaceAll(/[«»]/g, '')), ...lines.map(([line]) => line)]
    const forms = [...commandForms, ...shapeForms, ...optionForms]
    const missed = forms.filter(({ pattern }) => !looked.some((line) => line.search(pattern) >= 0))
    expect(missed.map(({ name, pattern }) => `${name} ${pattern.source}`)).toEqual([])
    expect(forms.length).toBeGreaterThan(75)
  })

  test('a line stays readable: what stands before and behind the secret is there', () => {
    expect(redact('action bash curl -u ops:hunter2 https://10.0.0.7/hook')).toBe(
      'action bash curl -u ops:<redacted> https://10.0.0.7/hook',
    )
    expect(redact(`action bash bash -c "curl -su 'ops:hun ter' -k https://10.0.0.7"`)).toBe(
      `action bash bash -c "curl -su 'ops:<redacted>' -k https://10.0.0.7"`,
    )
    expect(redact("CLI command 3 of 5 'alias x bash curl https://10.0.0.7 -uops:hunter2' failed: bad")).toBe(
      "CLI command 3 of 5 'alias x bash curl https://10.0.0.7 -uops:<redacted>' failed: bad",
    )
  })

  test.each(
    linesOf(`
    action bash date -u +%H:%M:%S
    exec /usr/bin/collector -url=10.0.0.5:9910 -b 10 -x trace
    action bash curl -X POST -H "Content-Type: application/json" https://10.0.0.7:443/a/b
    action bash grep -E "Ethernet1: up" /tmp/x
    action bash mysql -u ops -p inventory
    action bash mysql --port 3306 -P3306 inventory
    action bash ping -c 3 -w 5 -A 10.0.0.7
    action bash openssl x509 -in a.pem -noout -passin env:PASS
    action bash docker run -p 8080:80 x
    -username admin privilege 15 role network-admin nopassword
    -   description A-b: c
    exec /usr/bin/TerminAttr -ingestgrpcurl=10.0.0.5:9910 -ingestexclude=/Sysdb/cell/1/agent
  `),
  )('holds no secret: %s', (line) => {
    expect(secretsIn(line)).toEqual([])
  })
})
