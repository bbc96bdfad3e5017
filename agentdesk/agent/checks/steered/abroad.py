"""Signs in other languages: the same matters as in English, word by word and in any order."""

from __future__ import annotations

from collections.abc import Mapping

ABROAD: Mapping[str, tuple[str, ...]] = {
    "rules": (
        r"\b(?:instrucciones|indicaciones|reglas|normas|restricciones|límites|anweisung(?:en)?|regeln|vorgaben|"
        r"richtlinien|beschränkungen|grenzen|consignes|règles|directives|restrictions|limites|instruções|regras|"
        r"restrições|istruzioni|regole|restrizioni|limiti|instructies|regels|beperkingen|instrukcj\w+|zasad\w*|"
        r"ograniczeń|инструкци\w+|правил\w*|ограничени\w+|указани\w+|kurallar\w*|talimat\w*)\b",
        r"规则|指令|指示|限制|規則|制限|ルール|지시|규칙|제한|قواعد|تعليمات|قيود|नियम|निर्देश",
    ),
    "off": (
        r"\b(?:ignor(?:a|e|ez|iere|ieren|ar)|olvid\w+|omite|anula\w*|vergiss|missachte\w*|aufgehoben|außer kraft|"
        r"oublie\w*|esqueç\w+|desconsider\w+|dimentica(?:re|te)?|negeer|vergeet|zignoruj|ignoruj|zapomnij|"
        r"игнорир\w*|забудь\w*|отмен\w+|gelten nicht|nicht mehr|ya no|ne s'appliquent|görmezden|unut)\b",
        r"忽略|无视|忘记|無視|忽視|忘れ|무시|잊|تجاهل|अनदेखा",
    ),
    "lawless": (
        r"\b(?:sin|sans|ohne|sem|senza|zonder|bez|без) (?:\w+ )?(?:reglas|restricciones|límites|restrictions|"
        r"limites|règles|regeln|beschränkungen|grenzen|einschränkungen|regras|restrições|regole|restrizioni|"
        r"limiti|regels|beperkingen|ograniczeń|zasad|правил|ограничений)\b",
        r"\b(?:no tienes|du hast keine|tu n'as (?:plus|pas) de|não tem|non hai|je hebt geen|nie masz|"
        r"у тебя нет) (?:\w+ )?(?:reglas|regeln|règles|regras|regole|regels|zasad|ограничений|правил)\b",
        r"不受限制|没有任何限制|沒有限制|没有限制|制限のない|無制限|제한이 없는|بلا قيود",
        r"बिना किसी (?:नियम|प्रतिबंध)",
    ),
    "role": (
        r"\b(?:act[uú]a como|haz de|comportati come|agis comme|fais comme si|verhalte dich|handle als|tu so als|"
        r"atue como|aja como|gedraag je|веди себя|притворись|zachowuj się|eres ahora|ahora eres|du bist (?:jetzt|"
        r"nun|ab)|bist du (?:jetzt|nun|mein|ein)|tu es (?:maintenant|désormais)|agora você é|você agora é|"
        r"sei ora|ora sei|je bent nu|jesteś teraz|od teraz jesteś|ты теперь|теперь ты|с этого момента ты)\b",
        r"你现在是|從現在起你|从现在起|あなたは今|これからあなた|이제부터 너|너는 이제|أنت الآن|अब आप|अब तुम",
    ),
    "obey": (
        r"\b(?:obedec\w+|obedezca\w*|befehle?n?|befolg\w+|gehorch\w*|obéi\w*|mes ordres|mis órdenes|"
        r"meinen? befehl\w*|obedeç\w+|minhas ordens|ubbidi\w*|obbedi\w*|miei ordini|bevelen|gehoorzaam\w*|"
        r"poleceni\w+|słuchaj|подчин\w+|приказ\w*)\b",
        r"服从|听从|命令|従って|명령|أوامر|أطع|आदेश",
    ),
    "unlooked": (
        r"\b(?:sin|no (?:hace falta|necesita\w*|requiere)|ohne|keine|brauchst? keine|sans|pas besoin d'?(?:e )?|"
        r"sem|não precisa (?:de )?|senza|non serve|zonder|geen|bez|без) ?(?:la |una |tu |weitere |ton |aucune |"
        r"l'|a |sua |toestemming |żadnej )?(?:aprobaci[oó]n|autorizaci[oó]n|revisi[oó]n|verificaci[oó]n|freigabe|"
        r"genehmigung|prüfung|überprüfung|validation|approbation|vérification|autorisation|aprovação|autorização|"
        r"revisão|approvazione|autorizzazione|verifica|goedkeuring|controle|toestemming|zgody|zatwierdzenia|"
        r"одобрени\w+|проверк\w+|разрешени\w+)\b",
        r"无需(?:审核|批准|审批|人工|确认)|不需要(?:审核|批准|审批)",
        r"\b(?:sin (?:avisar|preguntar|consultar)|ohne (?:rückfrage|zu fragen|nachfrage)|frag(?:e)? niemanden|"
        r"ne demande (?:à|a) personne|sans (?:demander|prévenir|en parler)|senza (?:chiedere|avvisare)|"
        r"sem (?:perguntar|avisar)|zonder te vragen|не спрашивая|bez pytania|"
        r"darfst (?:ab \w+ )?selbst entscheiden|decide tú)\b",
        r"不要通知|不用(?:问|通知|审核)|誰にも(?:言わ|知らせ)|承認(?:なし|不要|は不要)|승인 없이",
        r"بدون (?:موافقة|مراجعة)|बिना (?:अनुमति|मंज़ूरी|अनुमोदन)",
    ),
    "inside": (
        r"\b(?:system-?prompts?|prompt del sistema|prompt (?:do|di|de) sist\w+|prompt système|invite système|"
        r"instructions internes|instrucciones internas|interne[nr]? (?:anweisung\w*|regeln|richtlinien|notizen)|"
        r"istruzioni interne|instruções internas|notas internas|системн\w+ (?:промпт\w*|инструкци\w+)|"
        r"внутренн\w+ (?:инструкци\w+|правил\w*|заметк\w+))\b",
        r"\b(?:anweisung\w*|regeln),? die du\b|\b(?:instrucciones|reglas) que (?:te|recib)|\bte han dicho\b",
        r"\bconsignes que (?:tu|l'on|on t)|\bistruzioni che (?:ti|hai)|\binstruções que (?:você|te)|系统提示",
        r"系統提示|内部(?:指令|规则|备注)|システムプロンプト|システム命令|内部(?:メモ|指示)|시스템 프롬프트",
        r"내부 지침|موجه النظام",
    ),
    "shown": (
        r"\b(?:muestra\w*|muéstrame|dime|revela\w*|zeig\w*|nenne|verrate?|gib mir|montre\w*|révèle\w*|affiche\w*|"
        r"donne-moi|mostr\w+|diga|rivela\w*|dammi|toon|geef|pokaż|podaj|покажи\w*|назови|выведи)\b",
        r"显示|告诉我|輸出|输出|教えて|表示|보여|알려|أظهر|اعرض|दिखा",
    ),
    "machine": (
        r"\b(?:asistente|assistent\w*|assistant virtuel|assistente|asystent\w*|ассистент\w*|бот\w*|ki-\w+|"
        r"inteligencia artificial|intelligence artificielle|künstliche intelligenz|ии)\b",
        r"助手|人工智能|アシスタント|비서|인공지능|مساعد|सहायक",
    ),
    "others": (
        r"\b(?:de|von|des|di|van) (?:(?:todos los|otros|los demás|allen|anderen|tous les|autres|todos os|outros|"
        r"tutti i|altri|alle|andere) )+(?:clientes|kunden|clients|clienti|klanten)\b",
        r"других клиентов|всех клиентов|其他客户|所有客户|他の顧客|全顧客|다른 고객",
    ),
    "looked": (
        r"\b(?:aprueb\w+|aprob\w+|autoriz\w+|genehmig\w+|freigegeben|approuv\w+|rembours\w+|reembols\w+|"
        r"erstatte\w*|rimborsa\w*|devuelve|aprov\w+|approva\w*|zwróć|одобр\w+|верни)\b",
        r"退款|批准|返金|환불|استرداد",
    ),
    "authority": (
        r"\b(?:ordre (?:du|de la) (?:directeur|direction)|como administrador|soy (?:el|la) (?:administrador\w*|"
        r"gerente|desarrollador\w*)|ich bin (?:der|die) (?:administrator\w*|entwickler\w*|geschäftsführer\w*)|"
        r"als administrator|je suis (?:l'administrateur|le développeur|le directeur)|sou o (?:administrador|"
        r"gerente|desenvolvedor)|sono (?:l'amministratore|lo sviluppatore|il direttore)|я (?:администратор|"
        r"разработчик|директор))\b",
        r"管理员|管理員|管理者(?:です|として)|관리자",
    ),
    "lasting": (
        r"\b(?:a partir de ahora|desde ahora|ab sofort|ab jetzt|von nun an|désormais|à partir de maintenant|"
        r"dorénavant|a partir de agora|da ora in poi|d'ora in poi|vanaf nu|od teraz|отныне|с этого момента)\b",
        r"从现在|今後|이제부터|من الآن",
    ),
}
