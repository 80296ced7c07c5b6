/**
 * Token formats that are known by what they begin with. Each is tried only where no letter or digit stands before it, and
 * takes in every character that could still be part of one; where there is a group, only that is the secret.
 */
import type { Kind } from './kinds';

export type TokenFormat = {
  readonly kind: Kind;
  /** The pattern is tried where a text goes on with one of these; at least two characters each. */
  readonly starts: readonly string[];
  readonly pattern: RegExp;
  readonly check?: 'random';
};

const token = (kind: Kind, starts: string, pattern: string, check?: 'random'): TokenFormat => ({
  kind,
  starts: starts.split(' '),
  pattern: new RegExp(pattern, 'y'),
  ...(check === undefined ? {} : { check }),
});

const REST = '[\\w-]*';
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

const CODE: readonly TokenFormat[] = [
  token(
    'github-token',
    'ghp_ gho_ ghu_ ghs_ ghr_ github_pat_',
    `(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\\w{22})${REST}`,
  ),
  token(
    'gitlab-token',
    'glpat- gldt- glrt- glptt- glcbt- glft- glsoat- glimt- glagent- gloas- glwt- glffct-',
    'gl(?:pat|dt|rt|ptt|cbt|ft|soat|imt|agent|oas|wt|ffct)-[\\w-]{20,}(?:\\.[0-9a-z]{2}\\.[0-9a-z]{5,12})?',
  ),
  token('gitlab-token', 'GR1348941', `GR1348941[\\w-]{20,}`),
  token('npm-token', 'npm_', `npm_[A-Za-z0-9]{36}${REST}`),
  token('package-token', 'pypi-', 'pypi-AgE[\\w-]{50,}'),
  token(
    'package-token',
    'rubygems_ cio oy2',
    '(?:rubygems_[0-9a-f]{48}|cio[A-Za-z0-9]{32}(?![A-Za-z0-9])|oy2[a-z0-9]{43}(?![a-z0-9]))',
    'random',
  ),
  token(
    'package-token',
    'CLOJARS_ AKCp cmVmdGtu',
    '(?:CLOJARS_[a-z0-9]{60}|AKCp[A-Za-z0-9]{69,}|cmVmdGtu[A-Za-z0-9]{56,})',
  ),
  token('docker-token', 'dckr_pat_ dckr_oat_', 'dckr_[po]at_[\\w-]{20,}'),
  token(
    'saas-token',
    'ATATT3 ATCTT3 ATBB BBDC-',
    '(?:AT[AC]TT3[\\w=-]{60,}|ATBB[A-Za-z0-9]{32,}|BBDC-[A-Za-z0-9+/@_-]{40,})',
  ),
  token(
    'saas-token',
    'CCIPAT_ CCIPRJ_ bkua_ sgp_ PMAK- sqp_ squ_ sqa_',
    '(?:CCIP(?:AT|RJ)_\\w{20,}|bkua_[0-9a-f]{40}|sgp_\\w{40,}|PMAK-[0-9a-f]{24}-[0-9a-f]{34}|sq[pua]_[0-9a-f]{40})',
  ),
  token(
    'saas-token',
    'snyk_ nfp_ rnd_ vcp_ vck_ vci_ rdme_',
    '(?:snyk_[\\w.-]{30,}|nfp_[A-Za-z0-9]{36,}|rnd_[A-Za-z0-9]{28,}|vc[pki]_[A-Za-z0-9]{24,}|rdme_[a-z0-9]{60,})',
  ),
];

const CLOUDS: readonly TokenFormat[] = [
  token('aws-key', 'AKIA ASIA ABIA ACCA', 'A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16}(?![A-Za-z0-9])'),
  token('aws-session-token', 'FwoGZXIvYXdz IQoJb3JpZ2lu', '(?:FwoGZXIvYXdz|IQoJb3JpZ2lu)[A-Za-z0-9+/=]{40,}'),
  token('aws-secret', 'amzn.mws. ABSK', `(?:amzn\\.mws\\.${UUID}|ABSK[A-Za-z0-9+/=]{100,})`),
  token('google-key', 'AIza', 'AIza[\\w-]{35,}'),
  token('google-token', 'ya29. GOCSPX-', '(?:ya29\\.[\\w.-]{20,}|GOCSPX-[\\w-]{20,})'),
  token('google-token', '1//0', '1//0[\\w-]{40,}'),
  token('cloud-token', 'dop_v1_ doo_v1_ dor_v1_ dot_v1_', `do[oprt]_v1_[0-9a-f]{64}${REST}`),
  token('cloud-token', 'dapi dkea dose', '(?:dapi|dkea|dose)[0-9a-f]{32}(?:-\\d+)?(?![0-9a-z])'),
  token(
    'cloud-token',
    'HRKU- LTAI AKID',
    '(?:HRKU-[\\w-]{30,}|LTAI[A-Za-z0-9]{16,26}(?![A-Za-z0-9])|AKID[A-Za-z0-9]{32}(?![A-Za-z0-9]))',
    'random',
  ),
  token('vault-token', 'hvs. hvb. hvr.', 'hv[sbr]\\.[\\w-]{20,}'),
  token(
    'vault-token',
    's.',
    's\\.(?=[A-Za-z]{0,23}\\d)(?=[A-Z0-9]{0,23}[a-z])(?=[a-z0-9]{0,23}[A-Z])[A-Za-z0-9]{24}(?![\\w.(-])',
  ),
  token(
    'cloud-token',
    'pul- pscale_ dp. sbp_ sb_secret_',
    '(?:pul-[0-9a-f]{40}|pscale_(?:tkn|pw|oauth)_[\\w.=-]{30,}|dp\\.(?:pt|st|ct|sa|scim|audit)\\.[\\w.-]{40,}|sbp_[0-9a-f]{40}|sb_secret_[\\w-]{20,})',
  ),
  token(
    'cloud-token',
    'fo1_ fm1_ fm2_ fm1r_ fm1a_ tskey-',
    '(?:fo1_[\\w-]{40,}|fm[12][ra]?_[A-Za-z0-9+/=]{60,}|tskey-[a-z]+-[A-Za-z0-9]+-[A-Za-z0-9]{16,}|tskey-[A-Za-z0-9]{20,})',
  ),
  token('cloud-token', 'v1.0- cfut_ cfat_ cfk_', '(?:v1\\.0-[0-9a-f]{24}-[0-9a-f]{146}|cf(?:ut|at|k)_[\\w-]{36,})'),
  token('cloud-token', 'ops_eyJ', 'ops_eyJ[\\w-]{60,}={0,3}'),
];

const MODELS: readonly TokenFormat[] = [
  token('anthropic-key', 'sk-ant-', 'sk-ant-[\\w-]{20,}', 'random'),
  token('openai-key', 'sk-', 'sk-[\\w-]{20,}', 'random'),
  token('huggingface-token', 'hf_ api_org_', `(?:hf|api_org)_[A-Za-z0-9]{30}${REST}`),
  token(
    'ai-key',
    'gsk_ r8_ pplx- xai- nvapi- csk- fw_',
    '(?:gsk_[A-Za-z0-9]{40,}|r8_[A-Za-z0-9]{30,}|pplx-[A-Za-z0-9]{40,}|xai-[A-Za-z0-9]{60,}|nvapi-[\\w-]{50,}|csk-[a-z0-9]{40,}|fw_[A-Za-z0-9]{20,})',
    'random',
  ),
  token(
    'ai-key',
    'pcsk_ lsv2_ tvly- jina_ sk_',
    '(?:pcsk_\\w{40,}|lsv2_(?:pt|sk)_\\w{30,}|tvly-[\\w-]{24,}|jina_\\w{40,}|sk_[0-9a-f]{40,64}(?![0-9a-z]))',
    'random',
  ),
  token('ai-key', 'pa- co_', '(?:pa-[\\w-]{43}|co_[A-Za-z0-9]{40})(?![\\w-])', 'random'),
];

const MONEY: readonly TokenFormat[] = [
  token(
    'stripe-key',
    'sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_',
    `[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10}${REST}`,
  ),
  token('stripe-key', 'whsec_', 'whsec_[A-Za-z0-9+/]{24,}={0,2}'),
  token('payment-key', 'shpat_ shpca_ shppa_ shpss_ shptka_', `shp(?:at|ca|pa|ss|tka)_[0-9a-fA-F]{32}${REST}`),
  token('payment-key', 'sq0 EAAA', '(?:sq0[a-z]{3}-[\\w-]{22,}|EAAA[\\w-]{56,})'),
  token(
    'payment-key',
    'access_token$ rzp_ FLWSECK',
    '(?:access_token\\$(?:production|sandbox)\\$[0-9a-z]{16}\\$[0-9a-f]{32}|rzp_(?:live|test)_[A-Za-z0-9]{14,}|FLWSECK(?:_TEST)?-[0-9A-Za-z]{12,}(?:-X)?)',
  ),
  token(
    'payment-key',
    'access- EZAK EZTK duffel_ shippo_',
    `(?:access-(?:sandbox|development|production)-${UUID}|EZ[AT]K[A-Za-z0-9]{54}|duffel_(?:test|live)_[\\w-]{40,}|shippo_(?:live|test)_[0-9a-f]{40})`,
  ),
];

const SERVICES: readonly TokenFormat[] = [
  token(
    'slack-token',
    'xoxa- xoxb- xoxc- xoxd- xoxe- xoxe. xoxo- xoxp- xoxr- xoxs- xapp-',
    '(?:xoxe\\.xox[bp]-|xox[a-eoprs]-|xapp-\\d-)[A-Za-z0-9%/+=-]{10}[\\w%/+=-]*',
  ),
  token(
    'slack-webhook',
    'hooks.slack.com',
    'hooks\\.slack\\.com/(?:services|workflows|triggers)/(T?[\\w-]+/[\\w/-]{8,})',
  ),
  token(
    'webhook',
    'discord.com discordapp.com',
    '(?:discord|discordapp)\\.com/api/(?:v\\d+/)?webhooks/(\\d{15,22}/[\\w-]{30,})',
  ),
  token('webhook', 'hooks.zapier.com', 'hooks\\.zapier\\.com/hooks/catch/(\\d+/\\w{5,})'),
  token('discord-token', 'mfa.', 'mfa\\.[\\w-]{60,}'),
  token('sendgrid-key', 'SG.', 'SG\\.[\\w-]{16,40}\\.[\\w-]{16,64}'),
  token('twilio-key', 'SK', 'SK[0-9a-f]{32}(?![0-9a-zA-Z])', 'random'),
  token('mailgun-key', 'key- pubkey-', '(?:key|pubkey)-[0-9a-f]{32}(?![0-9a-zA-Z])'),
  token(
    'saas-token',
    'xkeysib- xsmtpsib- re_',
    '(?:xkeysib-[0-9a-f]{40,}-\\w{10,}|xsmtpsib-[0-9a-f]{40,}-\\w{10,}|re_[A-Za-z0-9]{6,12}_[A-Za-z0-9]{18,})',
    'random',
  ),
  token(
    'saas-token',
    'lin_api_ lin_oauth_ secret_ ntn_ figd_ figo_',
    '(?:lin_(?:api|oauth)_[A-Za-z0-9]{32,}|secret_[A-Za-z0-9]{43}|ntn_[A-Za-z0-9]{40,}|fig[do]_[\\w-]{36,})',
    'random',
  ),
  token('saas-token', 'pat', 'pat[A-Za-z0-9]{14}\\.[0-9a-f]{40,}'),
  token(
    'saas-token',
    'sl. CFPAT- dt0c01. dt0s16. phx_ tfp_ rpa_',
    '(?:sl\\.(?:u\\.)?[\\w-]{100,}|CFPAT-[\\w-]{40,}|dt0[cs]\\d\\d\\.[A-Z2-7]{8,24}\\.[A-Z2-7]{64}|phx_[A-Za-z0-9]{32,}|tfp_[\\w-]{40,}|rpa_[A-Z0-9]{40,})',
  ),
  token('saas-token', 'EAA AAAAAAAAAAAAAAAAAAAAA', '(?:EAA[A-Za-z0-9]{90,}|A{21}[A-Za-z0-9%]{30,})', 'random'),
  token('saas-token', '0/ 1/ 2/', '[012]/\\d{15,17}(?:/\\d{15,17})?:[0-9a-f]{32}'),
  token('monitoring-key', 'NRAK- NRII- NRJS- NRRA- NRIQ-', 'NR(?:AK|II|JS|RA|IQ)-[A-Za-z0-9_-]{18,}'),
  token(
    'monitoring-key',
    'glc_ glsa_ sntrys_ sntryu_ sntrya_',
    '(?:glc_[A-Za-z0-9+/]{30,}={0,2}|glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}|sntrys_[A-Za-z0-9+/=_-]{40,}|sntry[ua]_[0-9a-f]{50,})',
  ),
  token('monitoring-key', 'eyJrIjoi', 'eyJrIjoi[A-Za-z0-9+/]{50,}={0,2}'),
  token(
    'jwt',
    'eyJ',
    '(?<!eyJ[\\w-]{0,60})eyJ[\\w-]{10,600}\\.eyJ[\\w-]{10,8000}\\.[\\w-]{10,}|(?<!eyJ[\\w-]{0,60})eyJ[\\w-]{14,600}\\.[\\w-]{0,2000}\\.[\\w-]{10,400}\\.[\\w-]{10,8000}\\.[\\w-]{16,}',
  ),
  token('saas-token', 'sk.eyJ', 'sk\\.eyJ[\\w-]{20,500}\\.[\\w-]{20,}'),
  token('age-key', 'AGE-SECRET-KEY-1', 'AGE-SECRET-KEY-1[A-Z0-9]{50,}'),
];

export const TOKEN_FORMATS: readonly TokenFormat[] = [...CODE, ...CLOUDS, ...MODELS, ...MONEY, ...SERVICES];

/** Formats that are known by what stands in their middle or at their end; `around` is as far as one reaches. */
export const MARKED_FORMATS: readonly { readonly mark: string; readonly kind: Kind; readonly pattern: RegExp }[] = [
  { mark: 'Q~', kind: 'azure-secret', pattern: /(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~-])/g },
  { mark: '+ASt', kind: 'azure-key', pattern: /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{60,80}\+ASt[A-Za-z0-9+/]{6}==/g },
  { mark: 'JQQJ9', kind: 'azure-key', pattern: /(?<![A-Za-z0-9])[A-Za-z0-9]{40,60}JQQJ9[A-Za-z0-9]{20,40}/g },
  { mark: 'AZDO', kind: 'azure-key', pattern: /(?<![A-Za-z0-9])[A-Za-z0-9]{70,80}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])/g },
  { mark: '.atlasv1.', kind: 'cloud-token', pattern: /(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[\w-]{50,}/g },
  { mark: '-us', kind: 'mailchimp-key', pattern: /(?<![A-Za-z0-9])[0-9a-f]{32}-us\d{1,2}(?![A-Za-z0-9])/g },
  { mark: 'NRAL', kind: 'monitoring-key', pattern: /(?<![A-Za-z0-9])[0-9a-f]{36}NRAL(?![A-Za-z0-9])/g },
  {
    mark: '.webhook.office.com/',
    kind: 'webhook',
    pattern: /(?<=\.webhook\.office\.com\/webhookb2\/)[0-9a-f-]{36}@[\w/-]{40,}/g,
  },
];
