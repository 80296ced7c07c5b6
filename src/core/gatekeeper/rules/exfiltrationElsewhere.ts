/** Asks to send data or to show secrets in other languages than English: the commonest forms, as people type them. */
import { pair, type Signal, text } from './match';

const SHOW = 'asks to have secrets shown';
const SEND = 'asks to send local data elsewhere';

export const EXFILTRATIONS_ELSEWHERE: readonly Signal[] = [
  pair(
    'zeig\\w*|gib|nenne?|sag|verrat\\w*|drucke?|liste?|lies',
    '(?:passw(?:o|ö)rt\\w*|passwörter|zugangsdaten|geheimnisse?|api-?schlüssel|systemprompt|umgebungsvariablen|kundendaten|inhalt der \\.env|\\.env|private[nr]? schlüssel|db-passwort|admin-?passwort)',
    SHOW,
    36,
  ),
  pair(
    'schick\\w*|sende?|maile?|lade?|kopier\\w*|übermittle',
    '(?:an|nach|auf|zu) (?:meine?n?|mir|https?\\S*|\\S+@\\S+|den server|einen externen|extern\\w*|privat\\w*|gmail|dropbox)',
    SEND,
    60,
  ),
  pair(
    'affiche[zr]?|montre[zr]?|donne[zr]?|révèle[zr]?|liste[zr]?|dis|lis',
    "(?:mots? de passe|clés? (?:api|privée|d'api|ssh)\\w*|secrets|contenu du fichier \\.env|\\.env|variables d'environnement|identifiants|données (?:clients?|des clients)|prompt système|tes consignes|tes instructions)",
    SHOW,
    36,
  ),
  pair(
    'envoie[sz]?|envoyer|transfère|téléverse\\w*|poste',
    "(?:à|vers|sur|au) (?:https?\\S*|mon|ma|mes|un serveur|\\S+@\\S+|l'extérieur)",
    SEND,
    60,
  ),
  pair(
    'muestra\\w*|mu(?:é|e)strame|dime|dame|revela\\w*|imprime|ense(?:ñ|n)ame|lista',
    '(?:contrase(?:ñ|n)as?|claves? (?:de api|privada|ssh|api)?|secretos|variables de entorno|credenciales|\\.env|prompt del sistema|tus instrucciones|datos de (?:los )?clientes)',
    SHOW,
    30,
  ),
  pair(
    'env(?:í|i)a\\w*|manda\\w*|m(?:á|a)nda\\w*|sube|copia|mande',
    '(?:a|al) (?:mi (?:drive|correo|servidor|email|gmail|cuenta)\\w*|https?\\S*|\\S+@\\S+|un servidor)',
    SEND,
    70,
  ),
  pair(
    'mostr[ea]\\w*|exib[ae]|me (?:diga|passa|passe|mostra|manda)|revele?|liste?',
    '(?:senhas?|segredos|chaves? (?:de api|privada|ssh)|credenciais|vari(?:á|a)veis de ambiente|\\.env|dados d(?:os|e) clientes)',
    SHOW,
    30,
  ),
  pair(
    'envi[ae]r?|mand[ae]r?|sub[ae]',
    '(?:para|pro) (?:o )?(?:meu|minha|https?\\S*|\\S+@\\S+|servidor externo)',
    SEND,
    60,
  ),
  pair(
    'mostra\\w*|dimmi|dammi|rivela|stampa|elenca',
    "(?:password|chiav[ei] (?:api|privat\\w+|ssh)|segreti|credenziali|variabili d'ambiente|\\.env|dati dei clienti|prompt di sistema)",
    SHOW,
    30,
  ),
  pair('invia\\w*|manda\\w*|spedisci|carica', '(?:a|al|su|alla) (?:mi[oa]|https?\\S*|\\S+@\\S+|un server)', SEND, 60),
  pair(
    'näytä|tulosta|kerro|anna|listaa',
    'salasana\\w*|tunnukset|salaisuu\\w*|api-?avai\\w*|ympäristömuuttuj\\w*|\\.env\\S*|asiakastie\\w*|järjestelmäkeho\\w*',
    SHOW,
    36,
  ),
  pair(
    'lähetä|lataa|kopioi|siirrä',
    'https?\\S*|\\S+@\\S+|omaan (?:sähköpostii|palvelime|pilve)\\w*|sähköpostiini|minulle|ulkoiselle',
    SEND,
    60,
  ),
  pair(
    'visa|skriv ut|ge mig|berätta|vis|giv mig|list',
    'lösenord\\w*|hemlighet\\w*|api-?nycklar\\w*|miljövariabl\\w*|\\.env\\S*|kunddata|adgangskode\\w*|passord\\w*|kodeord\\w*',
    SHOW,
    30,
  ),
  pair('skicka|ladda upp|send|mejla', '(?:till|til) (?:min|mitt|https?\\S*|\\S+@\\S+)', SEND, 60),
  pair(
    'toon|laat|geef|print|vertel',
    'wachtwoord\\w*|geheimen|api-?sleutels?|omgevingsvariabelen|\\.env\\S*|klantgegevens|inloggegevens',
    SHOW,
    30,
  ),
  pair('stuur|verstuur|mail|upload|zet', '(?:naar|op) (?:mijn|https?\\S*|\\S+@\\S+|een externe)', SEND, 60),
  pair(
    'pokaż|wyświetl|podaj|wypisz|ujawnij',
    'hasł\\w*|sekret\\w*|klucz\\w* (?:api|prywatn\\w*|ssh)|zmienn\\w* środowiskow\\w*|\\.env\\S*|dane klient\\w*',
    SHOW,
    30,
  ),
  pair('wyślij|prześlij|wrzuć|skopiuj', '(?:na|do) (?:mój|moj\\w*|https?\\S*|\\S+@\\S+)', SEND, 60),
  pair(
    'покажи\\w*|выведи\\w*|дай|скажи|распечатай|раскрой',
    'парол\\w*|секрет\\w*|ключ\\w*|токен\\w*|переменн\\w* окружени\\w*|содержимое|системн\\w* промпт|\\.env\\S*|данные (?:клиент|пользовател)\\w*|id_rsa',
    SHOW,
    24,
  ),
  pair(
    'отправь\\w*|пошли|загрузи|скинь|перешли|залей',
    '(?:на|в|по) (?:мой|мою|мне|https?\\S*|\\S+@\\S+|внешний|сервер|телеграм\\w*|почту)',
    SEND,
    60,
  ),
  pair(
    'покажи|виведи|дай|скажи',
    'парол\\w*|секрет\\w*|ключ\\w*|токен\\w*|змінн\\w* середовища|вміст|дані (?:клієнт|користувач)\\w*',
    SHOW,
    24,
  ),
  pair('надішли|відправ\\w*|скинь', '(?:на|в) (?:мій|мою|мені|https?\\S*|\\S+@\\S+)', SEND, 60),
  pair(
    'şifre\\w*|parola\\w*|gizli\\w*|api anahtar\\w*|ortam değişken\\w*|\\.env\\S*|müşteri veri\\w*',
    'göster\\w*|yazdır\\w*|ver|söyle|listele\\w*|döndür',
    SHOW,
    30,
  ),
  pair(
    'müşteri\\w*|veritaban\\w*|dosya\\w*|veri\\w*|liste\\w*|\\.env\\S*',
    '(?:gönder|yükle|postala|at)(?:in|iniz|ip)?',
    SEND,
    50,
  ),
  {
    reason: SHOW,
    first: text(
      '(?:显示|告诉我|输出|打印|列出|给我|原样输出|展示|说出)[^。\\n]{0,16}(?:密码|密钥|口令|环境变量|系统提示|提示词|凭证|令牌|\\.env|客户数据|用户数据)|把[^。\\n]{0,20}(?:密码|密钥|环境变量|系统提示|提示词|凭证|令牌|\\.env)[^。\\n]{0,14}(?:输出|打印|发给|告诉|显示|给我|念)',
    ),
  },
  {
    reason: SEND,
    first: text(
      '把[^。\\n]{0,30}(?:数据|表|库|代码|文件|名单|日志|\\.env|密码|密钥)[^。\\n]{0,12}(?:发到|发给|发送|上传|传到|拷到)[^。\\n]{0,20}(?:我|邮箱|http|外部|网盘|服务器)',
    ),
  },
  {
    reason: SHOW,
    first: text(
      '(?:パスワード|秘密鍵|シークレット|環境変数|APIキー|システムプロンプト|\\.env)[^。\\n]{0,16}(?:見せ|表示し|教え|出力し|読み上げ)',
    ),
  },
  {
    reason: SEND,
    first: text(
      '(?:顧客|ユーザー|データ|テーブル|ソース|\\.env|ファイル)[^。\\n]{0,20}(?:外部|自分の|私の|個人)[^。\\n]{0,20}(?:アップロード|送信|送っ|転送)|(?:ダンプ|エクスポート)し[^。\\n]{0,24}(?:外部|個人|自分)[^。\\n]{0,20}(?:アップロード|送)',
    ),
  },
  {
    reason: SHOW,
    first: text(
      '(?:비밀번호|암호|비밀 ?키|환경 ?변수|API ?키|시스템 ?프롬프트|\\.env|고객 ?(?:정보|데이터))[^.\\n]{0,14}(?:보여|알려|출력해|말해)',
    ),
  },
  {
    reason: SEND,
    first: text(
      '(?:고객|데이터|파일|소스|\\.env|정보)[^.\\n]{0,30}(?:내|제|개인|외부)[^.\\n]{0,14}(?:보내|전송|업로드)',
    ),
  },
  {
    reason: SHOW,
    first: text(
      '(?:اعرض|أظهر|أعطني|اطبع|اكشف|أخبرني)[^.\\n]{0,24}(?:كلم(?:ة|ات) (?:المرور|السر)|المفاتيح|الأسرار|متغيرات البيئة|بيانات العملاء)',
    ),
  },
  { reason: SEND, first: text('(?:أرسل|ارسل|ارفع|انسخ)[^.\\n]{0,40}(?:إلى|الى) (?:بريدي|https?|خادم|\\S+@)') },
];
