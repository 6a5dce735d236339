import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { everyNth } from '../../extent.ts'
import { exits, fileText, inProcess, prints, temporaryFolder } from '../../lab/lab.ts'

const ANSIBLE = {
  'hosts.ini': `[dc1-leafs]
leaf1 ansible_host=192.0.2.11
leaf2 ansible_host=192.0.2.12
[spines]
spine1 ansible_host=192.0.2.21
[all:vars]
ansible_network_os=arista.eos.eos
`,
  'group_vars/all.yml': `ntp_servers: [192.0.2.1, 192.0.2.2]
dc_vlans: [{ vlan_id: 110, name: WEB }, { vlan_id: 111 }]
asn: 65001
`,
  'templates/ntp.j2': `{% for server in ntp_servers %}
ntp server {{ server }}
{% endfor %}
`,
  'site.yml': `- name: Time
  hosts: all
  serial: [1, "50%"]
  tasks:
    - name: ntp
      arista.eos.eos_config:
        src: ntp.j2
        save_when: changed
- name: Leaves
  hosts: dc1-leafs
  vars: { mtu: 9214, vlan: "{{ vlan }}" }
  tasks:
    - arista.eos.eos_vlans:
        config: "{{ dc_vlans }}"
    - name: ports
      eos_interfaces:
        config:
          - { name: Ethernet1, description: "to {{ inventory_hostname }}", enabled: true }
      when: ansible_network_os == 'arista.eos.eos'
    - eos_l2_interfaces:
        config: [{ name: Ethernet2, mode: trunk, trunk: { native_vlan: 10, trunk_allowed_vlans: "10,20" } }]
    - eos_config:
        parents: [router bgp 65001, vlan 110]
        lines: ["rd auto", "redistribute learned"]
      when: [asn is defined, "'dc1-leafs' in group_names"]
    - eos_config:
        lines: [vlan 20, name BACKUP, ip routing]
    - eos_config:
        lines: "description {{ item.text }}"
        parents: "interface {{ item.port }}"
      loop: [{ port: Ethernet3, text: a }, { port: Ethernet4, text: b }]
    - eos_acls:
        state: replaced
        config:
          - afi: ipv4
            acls:
              - name: MGMT
                aces:
                  - { sequence: 10, grant: permit, protocol: tcp, source: { subnet_address: 10.0.0.0/8 }, destination: { any: true, port_protocol: { eq: ssh } } }
                  - { grant: deny, protocol: ip, source: { any: true }, destination: { host: 192.0.2.9 }, log: true }
    - eos_static_routes:
        config:
          - vrf: MGMT
            address_families:
              - { afi: ipv4, routes: [{ dest: 0.0.0.0/0, next_hops: [{ forward_router_address: 192.0.2.254, admin_distance: 5, description: out }] }] }
    - eos_vlans: { config: [{ vlan_id: 9 }], state: overridden }
    - name: banner
      eos_banner: { banner: login, text: hello }
    - eos_command: { commands: show version }
      register: version
    - eos_config: { lines: "hostname {{ version.stdout }}" }
    - eos_config: { lines: "ip name-server vrf MGMT {{ dns }}" }
    - eos_config: { src: lost.j2 }
    - eos_config: { lines: [ip routing vrf A] }
      delegate_to: localhost
`,
} as const

/** The project of {@link ANSIBLE}: what init said, and its files. */
async function made() {
  const dir = temporaryFolder(ANSIBLE)
  const { stdout, stderr } = await exits(0, inProcess('init --from ansible .', dir))
  expect(stderr).toBe('')
  return { dir, said: stdout, text: (file: string) => fileText(dir, file) }
}

describe('playbooks as workflows', () => {
  test('[3N4] a play with a template of Ansible includes it, with its groups, its waves and its names', async () => {
    const { text } = await made()
    expect(text('workflows/site-time.yaml')).toContain(`targets: '*'
change: { mode: merge, template: templates/site-time.j2, vars: ansible }
rollout: { waves: [1, 50%] }
`)
    expect(text('workflows/templates/site-time.j2')).toBe(`{# site.yml:5 eos_config "ntp" #}
{% include '../../templates/ntp.j2' %}
`)
  })

  test('[3N4] tasks of all kinds become lines, with their conditions and loops', async () => {
    const { text } = await made()
    expect(text('workflows/site-leaves.yaml')).toContain(`params:
  vlan: { type: string }

targets: group:dc1-leafs
`)
    expect(text('workflows/templates/site-leaves.j2')).toBe(`{% set mtu = 9214 %}
{# site.yml:13 eos_vlans #}
{% with %}
{% set config = (dc_vlans) %}
{% for vlan in config %}
vlan {{ vlan.vlan_id }}
{% if vlan.name is defined and vlan.name is not none %}
   name {{ vlan.name }}
{% endif %}
{% if vlan.state is defined and vlan.state is not none %}
   state {{ vlan.state }}
{% endif %}
{% endfor %}
{% endwith %}
{# site.yml:15 eos_interfaces "ports" #}
{% with %}
{% set config = [{'name': 'Ethernet1', 'description': ('to ' ~ (inventory_hostname)), 'enabled': true}] %}
{% for port in config %}
interface {{ port.name }}
{% if port.description is defined and port.description is not none %}
   description {{ port.description }}
{% endif %}
{% if port.mode is defined and port.mode is not none %}
   {{ 'no ' if port.mode == 'layer3' else '' }}switchport
{% endif %}
{% if port.mtu is defined and port.mtu is not none %}
   mtu {{ port.mtu }}
{% endif %}
{% if port.speed is defined and port.speed is not none %}
   speed {{ port.speed }}{{ '' if port.speed == 'auto' else port.duplex | default('') }}
{% endif %}
   {{ 'no ' if port.enabled is not defined or port.enabled is none or port.enabled | bool else '' }}shutdown
{% endfor %}
{% endwith %}
{# site.yml:20 eos_l2_interfaces #}
interface Ethernet2
   switchport mode trunk
   switchport trunk native vlan 10
   switchport trunk allowed vlan 10,20
{# site.yml:22 eos_config #}
{% if (asn is defined) and ('dc1-leafs' in group_names) %}
router bgp 65001
   vlan 110
      rd auto
      redistribute learned
{% endif %}
{# site.yml:26 eos_config #}
vlan 20
   name BACKUP
ip routing
{# site.yml:28 eos_config #}
{% for item in [{'port': 'Ethernet3', 'text': 'a'}, {'port': 'Ethernet4', 'text': 'b'}] %}
interface {{ item.port }}
   description {{ item.text }}
{% endfor %}
{# site.yml:32 eos_acls #}
no ip access-list MGMT
ip access-list MGMT
   10 permit tcp 10.0.0.0/8 any eq ssh
   deny ip any host 192.0.2.9 log
{# site.yml:41 eos_static_routes #}
ip route vrf MGMT 0.0.0.0/0 192.0.2.254 5 name out
`)
  })

  test('[3N4] names each task that is in no workflow, with its file, its line and the reason', async () => {
    const { said, text } = await made()
    expect(said).toContain(`1 playbook: 9 tasks in 2 workflows, 6 not taken, 1 that change no switch
  site.yml:46 eos_vlans: what \`state: overridden\` types depends on what the switch has (taken: merged, replaced, deleted)
  site.yml:47 eos_banner "banner": its lines are not known: write them, or leave the task to Ansible
  site.yml:51 eos_config: \`version\` is no variable of a switch: it is a fact, a result, or given at the run
  site.yml:52 eos_config: \`dns\` is no variable of a switch: it is a fact, a result, or given at the run
  site.yml:53 eos_config: there is no file \`lost.j2\` in templates/
  site.yml:54 eos_config: \`delegate_to\` has no meaning in a plan
  site.yml changes no switch in line 49 eos_command
  site.yml:20: \`trunk_allowed_vlans\` becomes the whole list of the port; Ansible adds to a list that is there
`)
    expect(text('workflows/site-leaves.yaml')).toContain('#   site.yml:47 eos_banner "banner": its lines')
  })

  test('the workflows are good as they are, and their lines are those of each switch', async () => {
    const { dir } = await made()
    const validated = await prints(
      0,
      inProcess('validate', dir, undefined, {
        EOSFLOW_PASSWORD: 'a-long-password',
      }),
      '✔ workflows/site-leaves.yaml',
    )
    expect(validated.stderr).toBe('')
  })
})

/** A project of one switch with these files: what init said, and the template of its first workflow. */
async function madeOf(files: Readonly<Record<string, string>>) {
  const dir = temporaryFolder({ 'hosts.ini': '[leafs]\nsw1 ansible_host=192.0.2.1 ansible_network_os=eos\n', ...files })
  const { stdout, stderr } = await exits(0, inProcess('init --from ansible .', dir))
  expect(stderr).toBe('')
  const template = /\+ (workflows\/templates\/.*\.j2)/.exec(stdout)?.[1]
  return { said: stdout, template: template === undefined ? '' : fileText(dir, template) }
}

const play = (rest: string) => ({ 'p.yml': `- hosts: leafs\n${rest}` })
const VLAN = 'eos_config: { lines: [vlan 7] }'

describe('no task is lost', () => {
  test.each<readonly [string, Readonly<Record<string, string>>, readonly string[]]>(
    everyNth(4, 'tasks of playbooks', [
      [
        'a handler that types lines, and one that saves',
        play(`  tasks: []
  handlers:
    - name: flush
      eos_config: { lines: [no vlan 7] }
    - name: save
      eos_config: { save_when: always }
    - name: write
      eos_command: { commands: write memory }
`),
        [
          '0 tasks in 0 workflows, 1 not taken, 2 that change no switch',
          'p.yml:4 handler "flush": it is not run',
          'p.yml changes no switch in line 6 handler, 8 handler',
        ],
      ],
      [
        'a handler of a role',
        {
          ...play('  roles: [r]\n'),
          'roles/r/tasks/main.yml': `- ${VLAN}\n`,
          'roles/r/handlers/main.yml': '- { name: flush, eos_config: { lines: [no vlan 7] } }\n',
        },
        ['1 task in 1 workflow, 1 not taken', 'roles/r/handlers/main.yml:1 handler "flush": it is not run'],
      ],
      [
        'the roles that a role depends on',
        {
          ...play('  roles: [r]\n'),
          'roles/r/tasks/main.yml': `- ${VLAN}\n`,
          'roles/r/meta/main.yml': 'dependencies:\n  - { role: base, name_server: 192.0.2.9 }\n  - far.away\n',
          'roles/base/tasks/main.yml': '- eos_config: { lines: "ip name-server {{ name_server }}" }\n',
        },
        ['2 tasks in 1 workflow, 1 not taken', 'roles/r/meta/main.yml:3 role far.away: its folder is not in roles/'],
      ],
      [
        'a playbook that is imported and not there, or with a condition',
        {
          'site.yml': `- import_playbook: lost.yml
- import_playbook: "{{ which }}.yml"
- { import_playbook: p.yml, when: night }
`,
          ...play(`  tasks:\n    - ${VLAN}\n`),
        },
        [
          '3 not taken',
          'site.yml:1 import_playbook lost.yml: there is no such file',
          'site.yml:2 import_playbook {{ which }}.yml: there is no such file',
          'site.yml:3 import_playbook p.yml: its `when` is not taken over',
        ],
      ],
      [
        'a playbook that lies deep',
        { 'a/b/c/d/deep.yml': `- hosts: leafs\n  tasks:\n    - ${VLAN}\n` },
        ['1 playbook: 1 task in 1 workflow, 0 not taken'],
      ],
      [
        'what holds for a block, an import or a role',
        {
          ...play(`  tasks:
    - block:
        - ${VLAN}
      delegate_to: localhost
    - import_tasks: more.yml
      tags: [never]
    - include_tasks: more.yml
      loop: [1, 2]
  roles:
    - { role: r, run_once: true }
`),
          'more.yml': `- ${VLAN}\n`,
          'roles/r/tasks/main.yml': `- ${VLAN}\n`,
        },
        [
          '0 tasks in 0 workflows, 4 not taken, 0 that change no switch',
          'p.yml:4 eos_config: `delegate_to` has no meaning in a plan',
          'more.yml:1 eos_config: it runs only if its tag is asked for',
          'p.yml:8 include_tasks: it is included for each item of a list: write the loop at its tasks',
          'roles/r/tasks/main.yml:1 eos_config: `run_once` has no meaning in a plan',
        ],
      ],
      [
        'commands that may change a switch, and those that only read it',
        play(`  tasks:
    - eos_command: { commands: [show version, { command: show vlan, output: json }] }
    - eos_command: { commands: [configure terminal, vlan 7] }
    - cli_command: { command: "{{ what }}" }
    - shell: curl -d @x https://sw1/command-api
    - eos_vlans: { state: gathered }
    - include_vars: more.yml
    - { eos_config: { lines: [vlan 8] }, check_mode: true }
`),
        [
          '0 tasks in 0 workflows, 4 not taken, 3 that change no switch',
          'p.yml:4 eos_command: it types more than commands that only read',
          'p.yml:5 cli_command: it types more than commands that only read',
          'p.yml:6 shell: what it runs is not looked at: it may change a switch',
          'p.yml:8 include_vars: its variables are not read: use group_vars',
          'p.yml changes no switch in line 3 eos_command, 7 eos_vlans, 9 eos_config',
        ],
      ],
      [
        '[3N11] a provider that names another switch, and requests that may write',
        play(`  tasks:
    - eos_config: { lines: [vlan 7], provider: { host: 192.0.2.99, username: a } }
    - eos_vlans: { config: [{ vlan_id: 8 }], provider: "{{ cli }}" }
    - eos_config: { lines: [vlan 9], provider: { host: "{{ inventory_hostname }}", username: a } }
    - eos_config: { lines: [vlan 10], provider: { username: a } }
    - uri: { url: https://sw1/command-api, method: POST, body: x }
    - uri: { url: https://sw1/, method: "{{ how }}" }
    - uri: { url: https://sw1/status }
`),
        [
          '2 tasks in 1 workflow, 4 not taken, 1 that change no switch',
          'p.yml:3 eos_config: its `provider` may name another switch',
          'p.yml:4 eos_vlans: its `provider` may name another switch',
          'p.yml:7 uri: what it sends is not looked at: it may change a switch',
          'p.yml:8 uri: what it sends is not looked at: it may change a switch',
          'p.yml changes no switch in line 9 uri',
        ],
      ],
      [
        'facts, and files that are written',
        play(`  tasks:
    - set_fact: { number: 7 }
    - template: { src: lost.j2, dest: out/x.cfg }
    - template: { src: x.j2, dest: out/y.cfg }
    - eos_config: { lines: "vlan {{ number }}" }
- hosts: leafs
  tasks:
    - set_fact: { number: 8 }
`),
        ['2 tasks in 1 workflow, 2 not taken, 1 that change no switch', 'p.yml changes no switch in line 9 set_fact'],
      ],
      [
        'what a role reads from a value that another role gives differently',
        {
          ...play('  roles: [a, b]\n'),
          ...Object.fromEntries(
            ['a', 'b'].flatMap((role) => [
              [`roles/${role}/tasks/main.yml`, `- eos_config: { lines: "ntp server {{ server }}" }\n`],
              [`roles/${role}/vars/main.yml`, `server: ${role}.example.net\n`],
            ]),
          ),
        },
        [
          '0 tasks in 0 workflows, 2 not taken',
          'roles/a/tasks/main.yml:1 eos_config: `server` has several values: roles of the play give it different ones',
        ],
      ],
      [
        'values that no template can hold, where the switch has a variable of the name',
        {
          ...play(`  vars:
    text: "{% if true %}A{% endif %}"
    secret: !vault |
      $ANSIBLE_VAULT;1.1;AES256
      3030
  tasks:
    - eos_config: { parents: vlan 7, lines: "name {{ text }}" }
    - eos_config: { lines: "snmp-server community {{ secret }} ro" }
`),
          'group_vars/leafs.yml': 'text: HOST\nsecret: public\n',
        },
        ['0 tasks in 0 workflows, 2 not taken', 'p.yml:8 eos_config: `text`', 'p.yml:9 eos_config: `secret`'],
      ],
      [
        'facts and results, also where a task asks first whether there is one',
        play(`  vars: { text: "X-{{ name }}", name: PLAY }
  tasks:
    - { eos_config: { lines: [no vlan 7] }, when: ansible_net_version is not defined }
    - { eos_command: { commands: show version }, register: seen }
    - { eos_config: { lines: [no vlan 8] }, when: not (seen.changed | default(true)) }
    - set_fact: { name: FACT }
    - eos_config: { parents: vlan 9, lines: "name {{ text }}" }
    - { eos_config: { parents: vlan 9, lines: "name {{ name }}" }, vars: { name: TASK } }
    - eos_config: { parents: vlan 10, lines: "name {{ lost | default(omit) }}" }
`),
        [
          '0 tasks in 0 workflows, 5 not taken',
          'p.yml:4 eos_config: `ansible_net_version`',
          'p.yml:6 eos_config: `seen` is no variable of a switch',
          'p.yml:8 eos_config: `text` is made of a fact',
          'p.yml:9 eos_config: `name` is a fact and a value of the task',
          'p.yml:10 eos_config: `omit`',
        ],
      ],
      [
        'what ends a play for a switch, or fails it',
        play(`  tasks:
    - fail: { msg: no }
    - ${VLAN}
    - { meta: end_host, when: inventory_hostname == 'sw1' }
    - { debug: { msg: ended } }
    - ${VLAN}
`),
        [
          '1 task in 1 workflow, 2 not taken, 2 that change no switch',
          'p.yml:3 fail: the lines of later tasks are planned whether it holds or not',
          'p.yml:7 eos_config: the play may have ended for a switch in line 5 of p.yml',
        ],
      ],
      [
        'tasks for another system, another host, or only to be shown',
        play(`  tasks:
    - { ${VLAN}, when: ansible_network_os != 'eos' }
    - { ${VLAN}, when: "ansible_network_os == 'arista.eos.eos'" }
    - { ${VLAN}, vars: { ansible_host: 192.0.2.9 } }
    - { ${VLAN}, check_mode: "{{ true }}" }
    - eos_config: { lines: "ntp server 192.0.2.1,ntp server 192.0.2.2" }
    - eos_config: { lines: ["vlan 7\\n{% if true %}\\nname X\\n{% endif %}"] }
    - eos_command: { commands: "show version\\nconfigure\\nno vlan 7" }
- hosts: leafs
  vars: { ansible_host: 192.0.2.9 }
  tasks: [${VLAN}]
`),
        [
          '0 tasks in 0 workflows, 8 not taken',
          'p.yml:3 eos_config: it is for switches of another system',
          'p.yml:4 eos_config: it is for switches of another system',
          'p.yml:5 eos_config: `ansible_host` has no meaning in a plan',
          'p.yml:6 eos_config: `check_mode` has no meaning in a plan',
          'p.yml:7 eos_config: Ansible reads',
          'p.yml:8 eos_config: a template of it has several lines',
          'p.yml:9 eos_command: it types more than commands that only read',
          'p.yml:12 eos_config: `ansible_host` has no meaning in a plan',
        ],
      ],
      [
        'a file that is edited after it was made of a template',
        {
          ...play(`  tasks:
    - template: { src: x.j2, dest: out/x.cfg }
    - lineinfile: { path: out/x.cfg, line: vlan 8 }
    - eos_config: { src: out/x.cfg }
`),
          'templates/x.j2': 'vlan 7\n',
        },
        [
          '0 tasks in 0 workflows, 1 not taken',
          'p.yml:5 eos_config: the file of its `src` is written by several tasks',
        ],
      ],
    ]),
  )('[3N4] %s', async (_, files, said) => {
    const { said: all } = await madeOf(files)
    for (const one of said) expect(all).toContain(one)
  })
})

describe('lines are those that Ansible types', () => {
  test.each([
    [
      'the parameters of a role win over its defaults',
      {
        ...play('  roles:\n    - { role: r, number: 7 }\n'),
        'roles/r/tasks/main.yml': '- eos_config: { lines: "vlan {{ number }}" }\n',
        'roles/r/defaults/main.yml': 'number: 1\n',
      },
      '{% with %}\n{% set number = 7 %}\nvlan {{ number }}\n{% endwith %}\n',
    ],
    [
      'a block within the parents',
      play(
        '  tasks:\n    - eos_config: { parents: router bgp 65001, lines: [router-id 192.0.2.1, vlan 7, rd auto] }\n',
      ),
      'router bgp 65001\n   router-id 192.0.2.1\n   vlan 7\n      rd auto\n',
    ],
    [
      'lists of a loop are one list',
      play('  tasks:\n    - { eos_config: { lines: "vlan {{ item }}" }, with_items: [[1, 2], 3] }\n'),
      '{% for item in [[1, 2], 3] | flatten(1) %}\nvlan {{ item }}\n',
    ],
    [
      // By the `set_config` of arista.eos 6.0.1 on a switch that has none of it.
      'a port is up unless its task says otherwise',
      play(
        '  tasks:\n    - eos_interfaces: { config: [{ name: Ethernet8, mtu: 9214 }, { name: Ethernet9, enabled: false }, { name: Ethernet10, enabled: null }] }\n',
      ),
      'interface Ethernet8\n   mtu 9214\n   no shutdown\ninterface Ethernet9\n   shutdown\ninterface Ethernet10\n   no shutdown\n',
    ],
    [
      'the list of a trunk has no blanks',
      play(
        '  tasks:\n    - eos_l2_interfaces: { config: [{ name: Ethernet1, trunk: { trunk_allowed_vlans: "5-10, 15" } }] }\n',
      ),
      'interface Ethernet1\n   switchport trunk allowed vlan 5-10,15\n',
    ],
    [
      'an ACL without rules is not made',
      play(`  tasks:
    - eos_acls: { config: [{ afi: ipv4, acls: [{ name: A }, { name: B, aces: [{ sequence: 10, grant: permit, protocol: ip, source: { any: true }, destination: { any: true } }] }] }] }
`),
      ' #}\nip access-list B\n   10 permit ip any any\n',
    ],
    [
      'the values of a task are its own',
      play(`  tasks:
    - { eos_config: { lines: "vlan {{ number }}" }, vars: { number: 7 } }
    - eos_config: { lines: "vlan {{ inventory_hostname }}" }
`),
      '{% with %}\n{% set number = 7 %}\nvlan {{ number }}\n{% endwith %}\n',
    ],
    [
      'what an include applies holds for its tasks',
      {
        ...play('  tasks:\n    - include_tasks: { file: more.yml, apply: { when: 1 == 2 } }\n'),
        'more.yml': `- ${VLAN}\n`,
      },
      '{% if (1 == 2) %}\nvlan 7\n{% endif %}\n',
    ],
    [
      'the arguments that a play gives to all tasks of a module',
      play(`  module_defaults: { arista.eos.eos_config: { parents: interface Ethernet1 } }
  tasks:
    - eos_config: { lines: [shutdown] }
    - block: [eos_config: { lines: [shutdown] }]
      module_defaults: { eos_config: { parents: interface Ethernet2 } }
`),
      'interface Ethernet1\n   shutdown\n{# p.yml:5 eos_config #}\ninterface Ethernet2\n   shutdown\n',
    ],
    [
      'a folder of variables of a role',
      {
        ...play('  roles: [r]\n'),
        'roles/r/tasks/main.yml': '- eos_config: { lines: "vlan {{ number }}" }\n',
        'roles/r/vars/main/b.yml': 'number: 7\n',
      },
      '{% set number = 7 %}\n',
    ],
    [
      'a text of several lines, and a statement at the end of a line',
      play(`  tasks:
    - eos_config:
        parents: interface Ethernet1
        lines: ["description A{% if true %} B{% endif %}", "mtu 9214\\nno shutdown\\n"]
`),
      "interface Ethernet1\n   description A{% if true %} B{% endif %}{{ '' }}\n   mtu 9214\n   no shutdown\n",
    ],
    [
      'keys that are numbers',
      play('  vars: { names: { 10: WEB } }\n  tasks:\n    - eos_config: { lines: "hostname {{ names[10] }}" }\n'),
      "{% set names = {10: 'WEB'} %}\n",
    ],
    [
      'a value that is left out is none',
      play('  tasks:\n    - eos_vlans: { config: [{ vlan_id: 7, name: "{{ lost | default(omit) }}" }] }\n'),
      '{% set omit = none %}\n',
    ],
  ])('[3N4] %s', async (_, files: Readonly<Record<string, string>>, lines) => {
    expect((await madeOf(files)).template).toContain(lines)
  })
})

test('files that import themselves, or each other many times over, are named and end', async () => {
  const twice = (file: string) => `- include_tasks: ${file}\n`.repeat(3)
  const dir = temporaryFolder({
    'hosts.ini': 'leaf1 ansible_network_os=eos\n',
    'site.yml': '- hosts: all\n  tasks: [include_tasks: own.yml, include_tasks: t1.yml]\n',
    'own.yml': twice('own.yml'),
    ...Object.fromEntries(Array.from({ length: 30 }, (_, depth) => [`t${depth}.yml`, twice(`t${depth + 1}.yml`)])),
  })
  await prints(
    0,
    inProcess('init --from ansible .', dir),
    'own.yml:1 include_tasks own.yml: it imports itself',
    'more than 500 files are imported',
  )
})

test('the name of a task is a comment, whatever is in it', async () => {
  const dir = temporaryFolder({
    'hosts.ini': 'leaf1 ansible_network_os=eos\n',
    'site.yml': `- hosts: all
  tasks:
    - name: "a ##}}\\nvlan 999\\n{##"
      eos_config: { lines: vlan 5 }
    - name: "b\\nextra: 1\\n#"
      eos_banner: { text: hello }
`,
  })
  await exits(0, inProcess('init --from ansible .', dir))
  expect(fileText(dir, 'workflows/templates/site.j2').split('\n')).toEqual([
    '{# site.yml:3 eos_config "a }}\\u{a}vlan 999\\u{a}{" #}',
    'vlan 5',
    '',
  ])
  expect(fileText(dir, 'workflows/site.yaml')).toContain(
    '#   site.yml:5 eos_banner "b\\u{a}extra: 1\\u{a}#": its lines are not known',
  )
})

test('a playbook that imports itself by another path is one, and what is asked for is a parameter only by a plain name', async () => {
  const dir = temporaryFolder({
    'hosts.ini': 'leaf1 ansible_network_os=eos\n',
    'pb/site.yml': `- hosts: all
  vars_prompt: [{ name: "(", private: no }, { name: "(a+)+b", private: no }]
  tasks: [eos_config: { lines: vlan 5 }]
- import_playbook: ./site.yml
- import_playbook: ../pb/site.yml
`,
  })
  await prints(0, inProcess('init --from ansible .', dir), '1 playbook: 1 task in 1 workflow')
  expect(fileText(dir, 'workflows/site.yaml')).not.toContain('params:')
})

describe('a switch gets the lines that the playbook gives it', () => {
  const HOSTS = '[spine]\nspine1 ansible_network_os=eos\n[leaf]\nleaf1 ansible_network_os=eos\n'

  /** What init says of a playbook, and the template that it makes. */
  async function madeOf(playbook: string, files: Readonly<Record<string, string>> = {}) {
    const dir = temporaryFolder({ 'hosts.ini': HOSTS, 'site.yml': playbook, ...files })
    const { stdout } = await exits(0, inProcess('init --from ansible .', dir))
    const file = join(dir, 'workflows/templates/site.j2')
    return { dir, stdout, template: existsSync(file) ? readFileSync(file, 'utf8') : '' }
  }

  const templates = { 'spine.j2': 'vlan 10\n', 'leaf.j2': 'vlan 20\n' }

  test('a file that is written under a condition, or twice, is not loaded', async () => {
    const { stdout } = await madeOf(
      `- hosts: all
  tasks:
    - template: { src: spine.j2, dest: "out/{{ inventory_hostname }}.cfg" }
      when: "'spine' in group_names"
    - template: { src: leaf.j2, dest: "out/{{ inventory_hostname }}.cfg" }
      when: "'leaf' in group_names"
    - eos_config: { src: "out/{{ inventory_hostname }}.cfg" }
    - template: { src: spine.j2, dest: "{{ here }}/cfg/base.cfg" }
    - template: { src: leaf.j2, dest: "{{ there }}/cfg/base.cfg" }
    - eos_config: { src: "{{ here }}/cfg/base.cfg" }
`,
      templates,
    )
    const why = 'the file of its `src` is written by several tasks, or under a condition'
    expect(stdout).toContain(`site.yml:7 eos_config: ${why}`)
    expect(stdout).toContain(`site.yml:10 eos_config: ${why}`)
    expect(stdout).toContain('0 tasks in 0 workflows')
  })

  test('a template beside the playbooks is that of Ansible, not one that is made', async () => {
    const { template } = await madeOf('- hosts: all\n  tasks:\n    - eos_config: { src: site.j2 }\n', {
      'site.j2': 'vlan 70\n',
    })
    expect(template).toContain("{% include '../../site.j2' %}")
  })

  test('a fact holds from where it is set', async () => {
    const { template } = await madeOf(`- hosts: all
  tasks:
    - set_fact: { x: FIRST }
    - eos_config: { parents: vlan 10, lines: "name {{ x }}" }
    - set_fact: { x: SECOND }
    - eos_config: { parents: vlan 20, lines: "name {{ x }}" }
`)
    expect(template.split('\n').filter((line) => !line.startsWith('{#'))).toEqual([
      "{% set x = 'FIRST' %}",
      'vlan 10',
      '   name {{ x }}',
      "{% set x = 'SECOND' %}",
      'vlan 20',
      '   name {{ x }}',
      '',
    ])
  })

  test('the words of a block count for its tasks, and no name is a statement', async () => {
    const { stdout, template } = await madeOf(`- hosts: all
  tasks:
    - block: [{ eos_config: { lines: [vlan 20] } }]
      delegate_to: spine1
    - eos_config: { lines: [vlan 30] }
      tags: [never]
    - eos_config: { lines: ["vlan {{ y }}"] }
      vars: { "x = 1 %}\\nno vlan 99\\n{% set y": 2 }
    - eos_config: { lines: ["vlan {{ item }}"] }
      loop: [1]
      loop_control: { loop_var: "item %}" }
    - eos_config: { lines: ["vlan {{ item }}"] }
      loop: "{{ q }}"
      vars: { q: [4, 5] }
`)
    expect(stdout).toContain('site.yml:3 eos_config: `delegate_to`')
    expect(stdout).toContain('site.yml:5 eos_config')
    expect(stdout).toContain('site.yml:7 eos_config: "x = 1 %}')
    expect(stdout).toContain('site.yml:9 eos_config: "item %}" is no name of a variable')
    expect(template).toBe(`{# site.yml:12 eos_config #}
{% with %}
{% set q = [4, 5] %}
{% for item in (q) %}
vlan {{ item }}
{% endfor %}
{% endwith %}
`)
  })
})

describe('hosts that are no switches', () => {
  const mixed = { 'hosts.ini': '[a]\nsw-1 ansible_network_os=eos\n[b]\nr1 ansible_network_os=ios\nsrv\n' }

  test('[3N4] are left out only if that is said', async () => {
    const folder = temporaryFolder(mixed)
    const refused = await exits(3, inProcess('init --from ansible .', folder))
    expect(
      refused.stderr,
    ).toBe(`✖ hosts.ini:1:1: 2 of its 3 hosts would be left out: r1 (ansible_network_os ios); srv (no ansible_network_os)
    A switch has \`ansible_network_os: arista.eos.eos\`. To leave these out, add \`--partial\`.
1 problem: nothing was contacted.
`)
    await exits(0, inProcess('init --from ansible . --partial', folder))
  })
})
