import { rows } from '../rules/table.ts'
export interface ExecCommandLine {
  readonly command: string
  /** A chapter of the EOS user manual, a TOI, or the transcript that shows it. */
  readonly source: string
}

// Commands of EOS that act at once, by the place that documents each. A config mode takes them as well: EOS runs them from any mode, `do` in
// front or not (transcript: `SW1(config-if-Et2)# ping 10.0.0.100`).
const bySource: Readonly<Record<string, readonly string[]>> = {
  'manual, Command-Line Interface': rows(`
    bash
    bash timeout 10 ls
    cd flash:
    cli vrf MGMT
    configure
    configure terminal
    configure network
    copy running-config startup-config
    copy flash:a flash:b
    delete flash:startup-config
    diff startup-config running-config
    dir flash:
    disable
    enable
    enable 15
    erase startup-config
    exit
    end
    logout
    mkdir flash:a
    more flash:startup-config
    pwd
    quit
    rename flash:a flash:b
    rmdir flash:a
    routing-context vrf MGMT
    terminal monitor
    terminal no monitor
    watch 1 show clock
    watch diff show interfaces counters
    write
    write erase
    write memory
    write network
    write terminal
  `),
  'manual, Session Management': rows(`
    abort
    commit
    commit timer 00:05:00
    configure checkpoint restore c1
    configure checkpoint save c1
    configure lock
    configure replace flash:startup-config
    configure session other
    configure session other abort
    configure session other commit
    configure unlock
    delete checkpoint:c1
    reset system storage secure
    rollback clean-config
  `),
  'manual, Initial Configuration and Recovery': [
    'ssh -l admin 10.0.0.1',
    'ssh 10.0.0.1',
    'telnet 10.0.0.1',
    'zerotouch cancel',
    'zerotouch disable',
  ],
  'manual, Upgrades and Downgrades': [
    'extension eos-patch.swix',
    'install source flash:EOS.swi reload',
    'reload',
    'reload all',
    'reload fast-boot',
    'reload force',
    'reload hitless',
    'reload now',
  ],
  'manual, Switch Administration': rows(`
    agent Bgp terminate
    clock set 10:00:00 2026-11-20
    event-monitor clear
    event-monitor interact
    event-monitor sync
    ping 10.0.0.1
    ping vrf MGMT 10.0.0.1
    reload cancel
    reload in 00:05
    send log level informational message x
    send message x
    traceroute 10.0.0.1
    who
  `),
  'manual, Switch Environment Control': ['locator-led interface Ethernet1', 'redundancy manual switchover'],
  'manual, Supervisor Redundancy': ['session peer-supervisor'],
  'manual, User Security': [
    'clear aaa counters',
    'clear aaa counters radius',
    'clear aaa counters tacacs',
    'security pki certificate generate self-signed a.crt key a.key',
    'security pki key generate rsa 2048 a.key',
    'test aaa group tacacs+ eve',
  ],
  'manual, 802.1X Port Security': [
    'clear dot1x statistics all',
    'dot1x initialize interface Ethernet1',
    'dot1x re-authenticate interface Ethernet1',
  ],
  'manual, show commands': [
    'show active',
    'show clock',
    'show running-config',
    'show startup-config',
    'show tech-support',
    'show users',
    'show version',
  ],
  'manual, Data Transfer': rows(`
    clear counters
    clear hardware counter drop
    clear interface counters
    clear ip arp 10.0.0.1
    clear arp-cache
    clear lldp counters
    clear lldp table
    clear mac address-table dynamic
    clear port-security
    clear queue-monitor length statistics
    clear storm-control
    clear transceiver performance-monitoring
  `),
  'manual, Layer 2': [
    'clear lacp counters',
    'clear mac address-table notification host-flap',
    'clear mlag errdisable',
    'clear spanning-tree counters',
    'clear spanning-tree detected-protocols',
    'clear vxlan counters vtep',
  ],
  'manual, Routing Protocols': rows(`
    clear bfd counters
    clear bgp *
    clear bgp evpn *
    clear ip bgp *
    clear ip bgp neighbor *
    clear ip ospf neighbor *
    clear ip route
    clear ipv6 bgp *
    clear ipv6 neighbors
    clear isis neighbors
    clear mpls counters
    clear ospfv3 counters
    clear policy-map counters
    clear segment-routing counters
  `),
  'manual, Access Lists and Quality of Service': [
    'clear ip access-lists counters',
    'clear ipv6 access-lists counters',
    'clear mac access-lists counters',
    'clear priority-flow-control counters',
    'clear traffic-policy counters',
  ],
  'manual, Multicast': [
    'clear ip igmp group',
    'clear ip igmp snooping counters',
    'clear ip mfib counters',
    'clear ip mroute *',
    'clear ip msdp sa-cache',
    'clear ip pim counters',
    'mrinfo 10.0.0.1',
    'mtrace 10.0.0.1',
  ],
  'manual, Services': [
    'clear ip dhcp relay counters',
    'clear ip dhcp snooping counters',
    'clear ip nat translation *',
    'clear logging',
    'clear monitor connectivity counters',
    'clear ptp interface all counters',
    'clear snmp counters',
    'xmpp send eve command show version',
    'xmpp session eve',
  ],
  'manual, MPLS': ['ping mpls ldp ip 10.0.0.1/32', 'traceroute mpls ldp ip 10.0.0.1/32'],
  'TOI, Licensing': ['license import flash:a.json', 'license update'],
  'TOI, Extensions and image checks': ['format flash:', 'extension a.rpm force', 'verify /md5 flash:EOS.swi'],
  'TOI, Packet capture': ['tcpdump', 'tcpdump interface Ethernet1', 'tcpdump session s1', 'no tcpdump session s1'],
  'EOS Central, Troubleshooting and Restarting EOS agents': [
    'debug bgp',
    'no debug all',
    'platform fap diag show',
    'platform trident shell',
    'trace monitor Bgp',
    'undebug all',
  ],
  'public scripts that drive switches': [
    'FastCli -p 15 -c reload',
    'python-shell',
    'session peer-supervisor dir flash:',
    'wait-for-warmup',
    'wait-for-warmup Capi',
  ],
  'verbs of other systems, refused out of caution': rows(`
    archive a
    attach 1
    echo a
    fdisk flash:
    generate a
    help
    kill 1
    locate-led a
    mount a
    python
    reboot
    refresh a
    request system reboot
    retrieve a
    run show version
    scp a b
    start shell
    sudo reboot
    sftp 10.0.0.1
    sleep 1
    stop a
    tar xf a
    top
    undelete flash:a
    unmount a
    upgrade a
  `),
}

/** The commands of exec mode that eosflow knows, each with its source: the list behind `docs/reference/exec-commands.md`. */
export const EXEC_COMMANDS: readonly ExecCommandLine[] = Object.entries(bySource).flatMap(([source, commands]) =>
  commands.map((command) => ({ command, source })),
)

/** The first words of {@link EXEC_COMMANDS}, `no` aside, in lower case: EOS does not tell the case of a keyword apart. */
export const EXEC_WORDS: ReadonlySet<string> = new Set(
  EXEC_COMMANDS.map(({ command }) => (command.replace(/^no /, '').split(' ')[0] ?? '').toLowerCase()),
)

const sorted = [...EXEC_WORDS].sort()

/** The exec command's first word that a typed word is, or is a beginning of; undefined where it is neither. */
export function execWord(typed: string): string | undefined {
  const word = typed.toLowerCase()
  if (word === '') return undefined
  return EXEC_WORDS.has(word) ? word : sorted.find((full) => full.startsWith(word))
}
