/** Attempts to get round the rules in other languages than English: the commonest forms, as people type them. */
import { pair, type Signal, text } from './match';

const IGNORE = 'asks to ignore the instructions that are in force';
const APPROVAL = 'asks to get round approvals or checks';

export const OVERRIDES_ELSEWHERE: readonly Signal[] = [
  pair(
    'ignorier\\w*|vergiss|vergesst|missachte\\w*|umgeh\\w*|überspring\\w*',
    '(?:alle |deine |die |sämtliche |vorherigen |bisherigen |obigen )+(?:anweisungen|regeln|vorgaben|instruktionen|richtlinien|freigabe\\w*|prüfung\\w*)|anweisungen|freigaben?|sicherheitsregeln|vorgaben',
    IGNORE,
    12,
  ),
  pair('ohne', 'freigabe|genehmigung|review|prüfung|rückfrage|nachzufragen|zu fragen', APPROVAL, 12),
  pair(
    'ignore[zrs]?|oublie[zrs]?|contourne[zrs]?|passe outre|saute[zrs]?|sans tenir compte',
    '(?:toutes |tes |vos |les |des |aux )+(?:instructions?|consignes|règles|directives|validations?|restrictions)',
    IGNORE,
    12,
  ),
  pair('sans|pas besoin (?:de|d)', 'validation|approbation|relecture|autorisation|demander|revue', APPROVAL, 14),
  pair(
    'lever|désactive[rz]?|contourne[rz]?',
    '(?:tes |vos |les )?(?:restrictions|protections|contrôles|vérifications|garde-fous)',
    APPROVAL,
    10,
  ),
  pair(
    'ignor[ae]r?|olvida\\w*|haz caso omiso|omite|salta(?:te|r)?|pasa por alto|desactiva',
    '(?:todas |las |tus |de |los |la |el |estas )*(?:instrucciones|reglas|normas|directrices|aprobaci\\w+|revisi(?:ó|o)n\\w*|restricciones|controles)',
    IGNORE,
    10,
  ),
  pair(
    'sin',
    '(?:la |el |pedir |esperar )*(?:aprobaci(?:ó|o)n|revisi(?:ó|o)n|permiso|preguntar|confirmaci(?:ó|o)n)',
    APPROVAL,
    8,
  ),
  pair(
    'ignor[ae]r?|esque(?:ç|c)a|desconsidere|desative|pule|pular|contorne',
    '(?:todas |as |suas |tuas |os |a |o )*(?:instru(?:ç|c)(?:õ|o)es|regras|diretrizes|aprova(?:ç|c)(?:ã|a)o|revis(?:ã|a)o|restri(?:ç|c)(?:õ|o)es)',
    IGNORE,
    12,
  ),
  pair(
    'sem',
    '(?:a |o |pedir |passar pelo |passar pela |esperar )*(?:aprova(?:ç|c)(?:ã|a)o|revis(?:ã|a)o|change|permiss(?:ã|a)o|perguntar|autoriza(?:ç|c)(?:ã|a)o)',
    APPROVAL,
    8,
  ),
  pair(
    'ignora(?:re)?|dimentica(?:re)?|salta(?:re)?|aggira(?:re)?|disattiva(?:re)?',
    "(?:tutte |le |tue |tutti |i |la |l' ?)*(?:istruzioni|regole|direttive|approvazione|revisione|restrizioni|controlli)",
    IGNORE,
    10,
  ),
  pair(
    'senza',
    "(?:la |l' ?|chiedere |aspettare )*(?:approvazione|revisione|permesso|conferma|autorizzazione|review)",
    APPROVAL,
    8,
  ),
  pair(
    'ohita\\w*|unohda|sivuuta|jätä huomiotta|kierrä',
    'ohje\\w*|sääntö\\w*|säännö\\w*|hyväksy\\w*|katselmoin\\w*|tarkistuk\\w*|määräyk\\w*',
    IGNORE,
    30,
  ),
  pair('ilman', 'hyväksyntää|katselmointia|lupaa|kysymättä', APPROVAL, 10),
  pair(
    'ignorera|glöm|strunta i|hoppa över|kringgå|bortse från|ignorer|glem|spring over|omgå',
    'instruktioner\\w*|regler\\w*|reglerne|anvisningar\\w*|godkänn\\w*|granskning\\w*|godkend\\w*|gjennomgang',
    IGNORE,
    30,
  ),
  pair('utan|uden|uten', 'godkänn\\w*|granskning|review|godkend\\w*|godkjenn\\w*|lov', APPROVAL, 12),
  pair(
    'negeer|vergeet|omzeil|sla|passeer',
    '(?:alle |de |je |jouw |vorige |eerdere )*(?:instructies|regels|richtlijnen|goedkeuring\\w*|review|controles?)',
    IGNORE,
    14,
  ),
  pair('zonder', 'goedkeuring|review|toestemming|te vragen|akkoord', APPROVAL, 10),
  pair(
    'zignoruj\\w*|ignoruj\\w*|zapomnij|pomiń|pomijaj|obejdź|wyłącz',
    '(?:wszystkie |poprzednie |swoje |twoje |o )*(?:instrukcj\\w*|zasad\\w*|polece\\w*|reguł\\w*|zatwierdz\\w*|code review|przegląd\\w*|review)',
    IGNORE,
    20,
  ),
  pair('bez', 'zatwierdzenia|akceptacji|przeglądu|pytania|zgody', APPROVAL, 10),
  pair(
    'игнорируй\\w*|проигнорируй\\w*|забудь\\w*|обойди|пропусти\\w*|отключи',
    '(?:все |свои |твои |предыдущие |прошлые |о |про )*(?:инструкци\\w*|правил\\w*|указани\\w*|ограничени\\w*|ревью|апрув\\w*|согласовани\\w*|проверк\\w*)',
    IGNORE,
    20,
  ),
  pair('без', 'апрув\\w*|ревью|согласовани\\w*|подтверждени\\w*|одобрени\\w*|разрешени\\w*', APPROVAL, 8),
  pair(
    'ігноруй\\w*|проігноруй\\w*|забудь\\w*|обійди|пропусти|зламай|вимкни',
    "(?:усі |всі |свої |попередні |про )*(?:інструкці\\w*|правил\\w*|вказівк\\w*|обмежен\\w*|рев'?ю|апрув\\w*|погоджен\\w*|перевірк\\w*)",
    IGNORE,
    20,
  ),
  pair('ignoriraj|prethodne|ignoruj|zapomeň|přeskoč', 'instrukc\\w*|pravidl\\w*|pokyn\\w*|schválení|upute', IGNORE, 20),
  pair(
    'yok say|görmezden gel|unut|atla|boşver|dikkate alma|(?:önceki|tüm|bütün) (?:talimat\\w*|kural\\w*)',
    'yok say\\w*|görmezden gel\\w*|unut\\w*|atla\\w*|uyma|boşver\\w*|dikkate alma\\w*|talimat\\w*|kural\\w*|onay\\w*',
    IGNORE,
    30,
  ),
  {
    reason: IGNORE,
    first: text(
      '(?:忽略|无视|無視|忘记|忘掉|不要理会|绕过|绕开|跳过)[^。\\n]{0,12}(?:指令|指示|规则|規則|提示词|限制|要求|审批|审核|评审|检查|安全)|不用等(?:评审|审批|审核)|不需要(?:审批|批准|评审)|(?:无需|不用)(?:审批|批准|评审|确认|询问)',
    ),
    masked: true,
  },
  {
    reason: IGNORE,
    first: text(
      '(?:指示|命令|ルール|規則|制限|プロンプト|承認|レビュー|チェック)[^。\\n]{0,10}(?:無視|忘れ|スキップ|飛ばし|無効化|気にしない|なしで|待たず)|(?:レビュー|承認)待ち(?:だけど|を?飛ば)',
    ),
  },
  {
    reason: IGNORE,
    first: text('(?:지시|명령|규칙|지침|제한|승인|리뷰|검토)[^.\\n]{0,12}(?:무시|잊|건너뛰|생략|우회|없이|끄고)'),
  },
  {
    reason: IGNORE,
    first: text(
      '(?:تجاهل|تجاوز|انس[َى]?|تخط[ّى]?)[^.\\n]{0,20}(?:التعليمات|القواعد|الأوامر|الموافقة|القيود|المراجعة)|(?:بدون|دون) (?:موافقة|مراجعة|إذن)',
    ),
  },
];
