import { linesOf } from '../../table.ts'
/** Lines with their secrets between « and ». */
export const secretLines: readonly string[] = linesOf(`
  enable password «hunter2enable»
  enable secret 5 «$1$5C7CVuxv$nnhvQNclN1suw/HTaYpA/0»
  enable secret level 15 0 «hunter2»
  enable password sha512 «$6$saltsalt$Zm9vYmFyYmF6»
  aaa root secret «rootpw»
  aaa root secret sha512 «$6$9v/qnOXDf0Qm6TcE$yq4Ix»
  boot secret 5 «a153de6290ff1409257ade45f»
  username bob secret «hunter2»
  username bob privilege 15 role network-admin secret 0 «hunter2»
  username bob privilege 15 role network-admin secret sha512 «$6$Zk1pQ$4kD.fJ/x»
  username bob role "net ops" password 7 «08311D1C5A»
  username bob secret "«two words»"
  username bob ssh-key «ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ bob@host»
  username bob sshkey «ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 bob»
  snmp-server community «s3cr3tRO» ro SNMP-ACL
  snmp-server community «s3cr3tRW» view ALL rw ipv6 V6-ACL
  snmp-server host 10.0.0.9 version 2c «trapcomm»
  snmp-server host 10.0.0.9 vrf MGMT informs version 3 priv «snmpuser»
  snmp-server host 10.0.0.9 «plaincomm»
  snmp-server user mon NOC v3 auth sha «authpass12» priv aes «privpass34»
  snmp-server user mon NOC v3 localized f5717f444ca824448b00 auth sha256 «60f32944b9» priv aes256 «b5a97cab6f»
  tacacs-server key 7 «070E234F1F5B4A»
  tacacs-server host 10.1.1.1 single-connection vrf MGMT timeout 5 key 7 «070E234F1F5B4A»
  tacacs-server host 10.1.1.1 key 8a «$kUVyoj7FVQ//ywNDNlbqjA==$kxxohBio»
  radius-server host 10.1.1.2 vrf MGMT retransmit 3 key «radiuskey»
  radius-server key 0 «radiuskey»
  search username cn=admin,dc=x password 7 «0822455D0A16»
  neighbor 10.0.0.1 password «bgpsecret»
     neighbor UNDERLAY-PEERS password 7 «AQQvKeimxJu+uGQ/yYvvNw==»
        neighbor 10.0.0.1 password 8a «$ab12==$cd34==»
  ip ospf authentication-key 7 «asfddja23452»
  ip ospf authentication-key «ospfpw»
  ip ospf message-digest-key 55 sha512 7 «kguPGHyy/wCCNmKibi7dLRLNPmsrUOUP»
  area 1 virtual-link 1.1.1.1 message-digest-key 1 md5 0 «vlinkpw»
  ospfv3 authentication ipsec spi 33 md5 passphrase 7 «4O8T3zo4xBdRWXBnsnK934o9SEb+jEhH»
  ospfv3 ipv6 encryption ipsec spi 300 esp aes-256-cbc 7 «aGVsbG8gd29ybGQx» sha1 0 «othersecret»
  isis authentication key 7 «$1c$sTNAlR6rKSw=»
  isis authentication key-id 2 algorithm sha-512 rfc-5310 key 0 «isispw»
  authentication key-id 5 algorithm sha-1 key 7 «$1c$swT4cYbNPuE=»
  authentication key 0 «password»
  ntp authentication-key 2 sha1 7 «1044110C0E»
  ntp authentication-key 2 md5 «ntpclear»
  key 0a 7 «10195F4C5144405A» fallback
  key 7 «070E234F1F5B4A»
  secret 7 «070E234F1F5B4A»
  shared-key 7 «ABCDEF12345678»
  shared-key 0 «test»
  pre-shared-key 7 «09580E0B1C»
  secret 0 7 «$1c$mNvaIXPetcQNhyNoUnTUNw==» receive-lifetime infinite transmit-lifetime infinite
  secret Secret2 0 «name1_secret» receive-lifetime infinite
  passphrase 7 «14141B180F0B»
  session shared-secret profile P secret 10 «s3cretBGP» receive-lifetime infinite transmit-lifetime infinite
  session shared-secret profile P secret 10 «s3cretBGP»
  session shared-secret profile P secret «s3cretBGP»
  session shared-secret profile P secret 10 7 «10195F4C51» transmit-lifetime infinite
  secret 10 «s3cretBGP» receive-lifetime infinite transmit-lifetime infinite
        secret 10 «s3cretBGP»
  +      secret 10 0 «s3cretBGP» receive-lifetime 2026-01-01 00:00:00 2027-01-01 00:00:00
  secret «s3cretBGP»
  key 0102 «0a0b0c0d0e0f»
     key 0a0b0c «0102030405060708090a0b0c0d0e0f10» fallback
  -      key 10195f4c5144405a «AABBCCDDEEFF0011»
  radius proxy client 10.0.0.1 key «proxykey»
  radius proxy client 10.0.0.0/24 vrf MGMT key «proxykey»
     client 10.0.0.1 vrf MGMT key «proxykey»
     client ipv6 2001:db8::1 key 7 «10195F4C51»
     dynamic-authorization key «proxykey»
  key-string «s3cretChain»
     authentication key-string «s3cretChain»
     key-string "«two words»"
  redis password 7 «070E334ddD1D18»
  password 8a «encrypted_password»
  auth password «mailpw»
  username telegraf password 7 «$1c$G8BQN0ezkiJOX2cuAYpsEA==»
  vrrp 10 peer authentication text «vrrppw»
  vrrp 10 peer authentication ietf-md5 key-string 7 «Ad9pw+tF4mw=»
  exec /usr/bin/TerminAttr -cvaddr=10.0.0.5:9910 -cvauth=key,«ingestkey» -cvvrf=MGMT -taillogs
  exec /usr/bin/TerminAttr -ingestgrpcurl=10.0.0.5:9910 -ingestauth=key,«ingestkey» -taillogs
  exec /usr/bin/TerminAttr -cvopt DC1.auth=key,«dc1key» -cvopt DC2.auth=key,«dc2key» -cvopt DC2.vrf=mgt
  copy https://backup:«pa55w0rd»@10.0.0.7/leaf1.cfg flash:
  action bash curl -s -u ops:«curlpw» https://10.0.0.7/hook
  service unsupported-transceiver ACME «4d3c2b1a»
  exec /usr/bin/collector --api-key=«c0llect0r» --db-password «dbpw1» --verbose
  action bash wget --password='«wgetpw»' --user=ops https://10.0.0.7/hook
  action bash export NETBOX_TOKEN=«abcdef123456»; /mnt/flash/report.sh
  action bash DB_PASSWORD="«dbpw2»" /mnt/flash/report.sh
  action bash curl -H "X-API-Key: «abcdef123456»" https://10.0.0.7
  action bash curl -H "PRIVATE-TOKEN: «glpat-abcdef123456»" https://10.0.0.7
  action bash curl -H "Authorization: Bearer «abcDEF123456_-x»" https://10.0.0.7
  action bash curl --data «eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlMTIz»
  some future command with a hash «$6$saltsalt$Zm9vYmFyYmF6»
  some future command 7 «070E234F1F5B4A»
  some future command 7 «q+VNViPaNi1rVjWJcxFv2A==»
  description uplink of $5 and hash «$5$rounds=535000$saltsalt$aGVsbG8»
`)

/** Words of the forms above. */
const KEYWORDS: ReadonlySet<string> = new Set([
  ...[
    'enable',
    'password',
    'secret',
    'aaa',
    'root',
    'boot',
    'username',
    'ssh-key',
    'sshkey',
    'snmp-server',
    'community',
  ],
  ...[
    'host',
    'version',
    'user',
    'localized',
    'auth',
    'priv',
    'tacacs-server',
    'radius-server',
    'key',
    'search',
    'neighbor',
  ],
  ...['authentication-key', 'message-digest-key', 'ipsec', 'spi', 'esp', 'passphrase', 'authentication', 'key-id'],
  ...['algorithm', 'ntp', 'shared-key', 'pre-shared-key', 'shared-secret', 'profile', 'radius', 'proxy', 'client'],
  ...['dynamic-authorization', 'key-string', 'redis', 'vrrp', 'peer', 'text', 'ietf-md5', 'service'],
  'unsupported-transceiver',
])

/** Words that are complete as they stand, although a longer one begins so. */
const COMPLETE: ReadonlySet<string> = new Set(['key', 'key-', 'authentication', 'authentication-'])

/** Each line of a command with one keyword of it shortened, in every way, and a secret of its own. `isLast`: the keyword in front of the secret is. */
export function shortenedLines(): readonly {
  readonly line: string
  readonly secret: string
  readonly isLast: boolean
}[] {
  let count = 0
  return secretLines.flatMap((marked) => {
    const [, before = '', after = ''] = /^[+-]?([^«]*)«[^»]*»([^«»]*)/.exec(marked) ?? []
    if (/^\s*(?:exec|action|copy|some|description)\s/.test(before)) return []
    const words = before.split(' ')
    const last = words.findLastIndex((word) => KEYWORDS.has(word))
    return words.flatMap((word, at) => {
      const lengths = KEYWORDS.has(word) ? Array.from(word, (_, length) => length).slice(1) : []
      return lengths.flatMap((length) => {
        const short = word.slice(0, length)
        if (COMPLETE.has(short)) return []
        count += 1
        const secret = `Zq${String(count).padStart(5, '0')}x`
        const line = `${words.with(at, short).join(' ')}${secret}${after}`
        return [{ line, secret, isLast: at === last }]
      })
    })
  })
}
