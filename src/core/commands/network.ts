/**
 * Whether a plain command is known to use the network, also behind a wrapper. A table can only make a decision stricter
 * here: what is not in it needs `exec_other`.
 */
import { split } from './options';

/** Programs whose use is the network. */
const PROGRAMS = new Set(
  split(`curl wget wget2 aria2c axel http https httpie xh lynx w3m links elinks lftp ftp sftp tftp ssh scp sshfs rsync nc
    ncat netcat socat telnet ping ping6 traceroute tracepath mtr dig nslookup host whois drill nmap gh glab hub aws az
    gcloud gsutil kubectl helm oc flyctl fly vercel netlify heroku wrangler firebase doctl ngrok cloudflared tailscale
    twine apt apt-get aptitude dnf yum zypper apk pacman brew snap flatpak choco winget scoop yt-dlp youtube-dl sendmail
    msmtp iwr irm invoke-webrequest invoke-restmethod start-bitstransfer bitsadmin rclone s3cmd mosh smbclient
    ssh-copy-id http.server`),
);

/** Subcommands of programs that also do other things; `a:b` is the subcommand `a` with `b` after it. */
const SUBCOMMANDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  (
    [
      [
        'git',
        `push fetch pull clone ls-remote send-email request-pull svn p4 imap-send fetch-pack send-pack remote:update
        remote:show remote:prune submodule:update submodule:add lfs:pull lfs:push lfs:fetch lfs:clone`,
      ],
      [
        'npm',
        `install i in ins add ci clean-install install-test it update up upgrade publish unpublish view info show search
        audit outdated login logout adduser whoami ping token owner access dist-tag deprecate create init star unstar
        team org profile`,
      ],
      ['pnpm', 'install i add update up upgrade publish fetch dlx create audit outdated login self-update'],
      ['yarn', 'install add up upgrade publish dlx create audit outdated login'],
      ['bun', 'install i add update upgrade publish create outdated audit'],
      ['deno', 'install add upgrade publish cache'],
      ['pip', 'install download search index'],
      ['pip3', 'install download search index'],
      ['pipx', 'install upgrade run upgrade-all'],
      ['uv', 'add sync pip lock tool publish'],
      ['poetry', 'add install update publish lock search'],
      ['pipenv', 'install update sync lock'],
      ['conda', 'install create update search'],
      ['cargo', 'install publish fetch update add search login yank owner'],
      ['rustup', 'install update toolchain component target'],
      ['go', 'get install mod:download mod:tidy'],
      ['gem', 'install update push fetch search'],
      ['bundle', 'install update add outdated'],
      ['composer', 'install require update create-project'],
      ['docker', 'pull push login search'],
      ['podman', 'pull push login search'],
      ['terraform', 'init apply plan destroy import'],
      ['openssl', 's_client'],
      ['dotnet', 'restore publish nuget tool'],
      ['svn', 'checkout co update up commit ci'],
      ['hg', 'pull push clone incoming outgoing'],
    ] as const
  ).map(([program, verbs]) => [program, new Set(split(verbs))]),
);

/** Programs that run another one; never harmless by themselves. */
const WRAPPERS = new Set(
  split(`env timeout nice ionice nohup xargs stdbuf time watch setsid chroot unshare flock script eval exec command
    builtin sudo doas su runuser pkexec busybox toybox npx pnpx bunx uvx parallel strace ltrace gdb valgrind entr
    caffeinate systemd-run start cmd powershell pwsh wsl unbuffer chrt taskset prlimit setpriv firejail bwrap faketime
    rlwrap proxychains torsocks xvfb-run sh bash dash zsh ksh ash fish csh tcsh mksh npm pnpm yarn bun find`),
);

/** Of these, a word after `-c` or the like (of the last five: any word) is text that is run as well. */
const SHELLS = new Set(
  split('sh bash dash zsh ksh ash fish csh tcsh mksh su script flock eval watch cmd powershell pwsh'),
);
const ALL_TEXT = new Set(split('eval watch cmd powershell pwsh'));

/** Words of a command that are looked at; what comes after them changes nothing, for it is never harmless anyway. */
const WORDS = 64;

/** What the network use of a command is, in words; null when none is known. Linear in the length of the command. */
export function networkUse(argv: readonly string[]): string | null {
  const words = argv.slice(0, WORDS);
  return direct(words) ?? wrapped(words, 0);
}

/** Names count here in any case, folder and Windows ending, because a match only makes the answer stricter. */
const nameOf = (word: string): string =>
  word
    .replace(/^.*[/\\]/, '')
    .toLowerCase()
    .replace(/\.(exe|cmd|bat|com|ps1)$/, '');

function direct([word = '', ...args]: readonly string[]): string | null {
  const name = nameOf(word);
  if (PROGRAMS.has(name)) return `${name} uses the network`;
  if (/^python[\d.]*$/.test(name) && args[0] === '-m') return direct(args.slice(1));
  const verbs = SUBCOMMANDS.get(name);
  if (verbs === undefined) return null;
  const [verb = '', next = ''] = subcommand(name, args);
  return verbs.has(verb) || verbs.has(`${verb}:${next}`) ? `${name} ${verb} uses the network` : null;
}

const GIT_VALUES = new Set(['-C', '-c', '--git-dir', '--work-tree', '--namespace', '--exec-path', '--config-env']);

/** The words that are no option and no value of one of git's. */
function subcommand(program: string, args: readonly string[]): string[] {
  return args.filter((arg, at) => !arg.startsWith('-') && !(program === 'git' && GIT_VALUES.has(args[at - 1] ?? '')));
}

/** How many texts inside of texts are looked into. */
const DEPTH = 3;

/** Looks at every word that may be the inner program, up to the first that surely is; `outer` is the nearest wrapper. */
function wrapped(argv: readonly string[], depth: number): string | null {
  let outer = nameOf(argv[0] ?? '');
  if (!WRAPPERS.has(outer)) return null;
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at] ?? '';
    const before = argv[at - 1] ?? '';
    if (outer === 'find' && !/^-(exec|ok)(dir)?$/.test(before)) continue;
    const isText = ALL_TEXT.has(outer) || (SHELLS.has(outer) && /^[-/]\w*c/i.test(before));
    const found = direct(argv.slice(at)) ?? (isText && depth < DEPTH ? ofScript(word, depth + 1) : null);
    if (found !== null) return found;
    if (WRAPPERS.has(nameOf(word))) outer = nameOf(word);
    else if (outer !== 'find' && !isText && !mayPrecede(word) && !before.startsWith('-')) return null;
  }
  return null;
}

/** An option, an assignment, a number or a time, or the word by which a package manager runs a program. */
const mayPrecede = (word: string): boolean => /^[-+/{]|^\w+=|^[\d.]+[smhd]?$|^(exec|x|dlx)$/.test(word);

/** The text that a shell would run: the first words of its pieces. */
function ofScript(script: string, depth: number): string | null {
  for (const piece of script.split(/[|&;()`\n]|\$\(/).slice(0, WORDS)) {
    const words = split(piece.replace(/["']/g, ' ')).slice(0, WORDS);
    const found = direct(words) ?? wrapped(words, depth);
    if (found !== null) return found;
  }
  return null;
}
