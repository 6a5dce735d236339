"""scrapli since 2026, which is another program than scrapli before: commands, modes, and configuration over its own SSH."""

from scrapli import AuthOptions, Cli, TransportSsh2Options
from scrapli.exceptions import ScrapliException

from support import TARGET, check, equal, holds, in_block, running_over_curl, section


def connect(password):
    """A connection to the switch, to be opened."""
    return Cli(TARGET.host, port=TARGET.ssh, definition_file_or_name='arista_eos',
               auth_options=AuthOptions(username=TARGET.username, password=password),
               transport_options=TransportSsh2Options(known_hosts_path=TARGET.known_hosts))


@section('a wrong password')
def wrong_password():
    try:
        with connect('wrong'):
            check('login: a wrong password', False, 'it was let in')
    except ScrapliException as error:
        check('login: a wrong password', error, error)


with connect(TARGET.password) as NODE:

    @section('commands')
    def commands():
        equal('login: the prompt', NODE.get_prompt().result, TARGET.name + '#')
        shown = NODE.send_input('show version')
        check('send_input: it is taken', not shown.failed, shown.result)
        holds('send_input: the version', shown.result, 'Software image version: %s' % TARGET.eos)
        bad = NODE.send_input('show bogus')
        check('send_input: an unknown one fails', bad.failed, bad.result)
        both = NODE.send_inputs(['show hostname', 'show vlan'])
        holds('send_inputs: both', both.result, TARGET.name, 'PROD-WEB')
        whole = NODE.send_input('show running-config').result
        equal('send_input: the whole running-config', whole.strip().splitlines(), running_over_curl().strip().splitlines())

    @section('configuration')
    def configuration():
        before = running_over_curl()
        NODE.enter_mode('configuration')
        equal('enter_mode: the prompt', NODE.get_prompt().result, TARGET.name + '(config)#')
        done = NODE.send_inputs(['vlan 3891', 'name SCRAPLI'], requested_mode='configuration')
        check('configuration: its lines are taken', not done.failed, done.result)
        in_block('configuration: the other client reads it', running_over_curl(), 'vlan 3891', 'name SCRAPLI')
        NODE.send_inputs(['configure session scrapli-two', 'vlan 3892', 'abort'], requested_mode='privileged_exec')
        NODE.send_inputs(['no vlan 3891'], requested_mode='configuration')
        equal('configuration: it is as before', running_over_curl(), before)
        NODE.enter_mode('privileged_exec')
        equal('enter_mode: and out of it', NODE.get_prompt().result, TARGET.name + '#')
