/** Asks that cannot be undone in other languages than English: the commonest forms, as people type them. */
import { pair, type Signal, text } from './match';

const DELETE = 'asks to delete data where it lives';
const HISTORY = 'asks to overwrite what was pushed';

const PLACES = 'prod|live|livesystem|staging|rds|s3|servers?|server[en]?|backups?';

export const DESTRUCTIONS_ELSEWHERE: readonly Signal[] = [
  pair(
    'lösch\\w*|entfern\\w*|leere?n?|wirf',
    `(?:${PLACES}|produktion\\w*|datenbank\\w*|kundendaten\\w*|unwiderruflich|endgültig|datensätze)`,
    DELETE,
    60,
  ),
  pair(
    'datensätze|patientendaten\\w*|kundendaten\\w*|datenbank\\w*|backup\\w*|produktionsdaten\\w*',
    'löschen|entfernen|wegwerfen|leeren',
    DELETE,
    60,
  ),
  pair(
    'supprime[zrs]?|efface[zrs]?|vide[zr]?|purge[zr]?',
    `(?:${PLACES}|base(?: de données)?|production|sauvegardes?|données (?:clients?|personnelles)|définitivement|compte recette)`,
    DELETE,
    50,
  ),
  pair(
    'borra\\w*|elimina\\w*|vac(?:í|i)a|tira',
    `(?:${PLACES}|producci(?:ó|o)n|base de datos|tabla de (?:clientes|usuarios)|clientes|datos personales|definitivamente)`,
    DELETE,
    40,
  ),
  pair(
    'apag(?:a|ue|ar)|exclu(?:a|ir)|deleta|deletar|remova|remover',
    `(?:${PLACES}|produ(?:ç|c)(?:ã|a)o|banco(?: de dados)?|tabela de|dados pessoais|backup)`,
    DELETE,
    40,
  ),
  pair(
    'cancella\\w*|elimina\\w*|svuota\\w*',
    `(?:${PLACES}|produzione|database|dati (?:personali|dei clienti)|definitivamente)`,
    DELETE,
    40,
  ),
  pair(
    'poista\\w*|tyhjennä|pyyhi|hävitä',
    `(?:${PLACES}|tuotan\\w*|tietokan\\w*|asiaka\\w*|varmuuskopio\\w*|lopullisesti)`,
    DELETE,
    40,
  ),
  pair(
    'radera|ta bort|töm|slet|slett',
    `(?:${PLACES}|produktion\\w*|databas\\w*|kund\\w*|permanent|säkerhetskopi\\w*)`,
    DELETE,
    40,
  ),
  pair('verwijder|gooi|wis', `(?:${PLACES}|productie\\w*|database|klant\\w*|definitief|back-?ups?)`, DELETE, 50),
  pair(
    'usuń|skasuj|wyczyść|wykasuj',
    `(?:${PLACES}|produkcj\\w*|produkcyjn\\w*|baz\\w* danych|klient\\w*|trwale|histori\\w* repo|kopi\\w* zapasow\\w*)`,
    DELETE,
    40,
  ),
  pair(
    'удали\\w*|снеси|дропни|сотри|очисти|почисти',
    `(?:${PLACES}|прод\\w*|боев\\w*|баз[ауые]|клиент\\w*|бэкап\\w*|безвозвратно|стейдж\\w*|персональн\\w*)`,
    DELETE,
    40,
  ),
  pair(
    'видали|знеси|дропни|зітри|очисти',
    `(?:${PLACES}|прод\\w*|бойов\\w*|баз[ауиі]|клієнт\\w*|бекап\\w*|персональн\\w*|назавжди)`,
    DELETE,
    40,
  ),
  pair('prod\\w*|canlı\\w*|veritaban\\w*|üretim\\w*|müşteri\\w*', 'sil|silin|kaldır|temizle|boşalt', DELETE, 50),
  pair(
    'smaž|odstraň|hapus|xoá|șterge|töröld',
    `(?:${PLACES}|produc\\w*|databas\\w*|database|vzdálené|zákazník\\w*|khách hàng|conturile)`,
    DELETE,
    40,
  ),
  {
    reason: DELETE,
    first: text(
      '(?:删掉|删除|清空|清掉|干掉|销毁)[^。\\n]{0,24}(?:生产|线上|数据库|客户|用户数据|备份|正式环境)|(?:生产|线上|正式)[^。\\n]{0,30}(?:删掉|删除|清空|全部删)',
    ),
  },
  {
    reason: DELETE,
    first: text('(?:本番|データベース|顧客|バックアップ|テーブル)[^。\\n]{0,24}(?:削除して|消して|全部消|ドロップ)'),
  },
  {
    reason: DELETE,
    first: text('(?:운영|프로덕션|데이터베이스|고객|개인정보|백업)[^.\\n]{0,24}(?:삭제해|지워|drop ?해|날려)'),
  },
  { reason: DELETE, first: text('(?:احذف|امسح|أزل)[^.\\n]{0,40}(?:الإنتاج|قاعدة|العملاء|المرضى|نهائيا)') },
  {
    reason: HISTORY,
    first: text(
      '强推|强制推送|強制プッシュ|강제 ?푸시|форс-?пуш\\w*|push(?:e|er|ear|ar)? (?:forcé|forzado|forçado)|wypchnij[^.\\n]{0,20}--force|git ?履歴から[^。\\n]{0,24}(?:消し|削除)',
    ),
  },
];
