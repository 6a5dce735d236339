import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../lab/folder.ts'
import { inProcess } from './in-process.ts'

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
  const { code, stdout, stderr } = await inProcess(['init', '--from', 'ansible', '.'], dir)
  expect([code, stderr]).toEqual([0, ''])
  return { dir, said: stdout, text: (file: string) => readFileSync(join(dir, file), 'utf8') }
}

describe('playbooks as workflows', () => {
  test('a play with a template of Ansible includes it, with its groups, its waves and its names', async () => {
    const { text } = await made()
    expect(text('workflows/site-time.yaml')).toContain(`targets: '*'
change: { mode: merge, template: templates/site-time.j2, vars: ansible }
rollout: { waves: [1, 50%] }
`)
    expect(text('workflows/templates/site-time.j2')).toBe(`{# site.yml:5 eos_config "ntp" #}
{% include 'templates/ntp.j2' %}
`)
  })

  test('tasks of all kinds become lines, with their conditions and loops', async () => {
    const { text } = await made()
    expect(text('workflows/site-leaves.yaml')).toContain(`params:
  vlan: { type: string }

targets: group:dc1-leafs
`)
    expect(text('workflows/templates/site-leaves.j2')).toBe(`{% set mtu = 9214 %}
{# site.yml:13 eos_vlans #}
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
{# site.yml:15 eos_interfaces "ports" #}
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
{% if port.enabled is defined and port.enabled is not none %}
   {{ 'no ' if port.enabled | bool else '' }}shutdown
{% endif %}
{% endfor %}
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

  test('names each task that is in no workflow, with its file, its line and the reason', async () => {
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
    const validated = await inProcess(['validate'], dir, undefined, {
      EOSFLOW_PASSWORD: 'a-long-password',
    })
    expect(validated.stderr).toBe('')
    expect(validated.stdout).toContain('✔ workflows/site-leaves.yaml')
    expect(validated.code).toBe(0)
  })
})

describe('hosts that are no switches', () => {
  const mixed = { 'hosts.ini': '[a]\nsw-1 ansible_network_os=eos\n[b]\nr1 ansible_network_os=ios\nsrv\n' }

  test('are left out only if that is said', async () => {
    const folder = temporaryFolder(mixed)
    const refused = await inProcess(['init', '--from', 'ansible', '.'], folder)
    expect([refused.code, refused.stderr]).toEqual([
      3,
      `✖ hosts.ini:1:1: 2 of its 3 hosts would be left out: r1 (ansible_network_os ios); srv (no ansible_network_os)
    A switch has \`ansible_network_os: arista.eos.eos\`. To leave these out, add \`--partial\`.
1 problem: nothing was contacted.
`,
    ])
    expect((await inProcess(['init', '--from', 'ansible', '.', '--partial'], folder)).code).toBe(0)
  })
})
