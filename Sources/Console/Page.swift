/// The frame every page stands in: one question as its title, its answer first.
struct Page: Sendable {
    let title: String
    let english: String
    /// Said on every page where it is true.
    var isDemonstration = false
    let content: Markup

    var html: String {
        let banner: Markup =
            isDemonstration
            ? "<p class=\"demonstration\">演示数据，模拟仪器，不具法律效力 Demonstration data, no legal effect</p>" : ""
        let markup: Markup = """
            <!doctype html>
            <html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>\(title) · 衡准</title><style>\(Self.style)</style></head>
            <body><header><b>衡准</b> <nav><a href="/">检定能力</a> <a href="/certificates">证书</a> \
            <a href="/energy">能源上报</a></nav></header>
            <main>\(banner)<h1>\(title)<small>\(english)</small></h1>\(content)</main></body></html>

            """
        return markup.text
    }

    /// What stands at an address that names nothing; for the public, the answer to a forged number.
    static let notFound = Page(
        title: "查无此号", english: "Nothing of that number is on file",
        content: """
            <p class="big bad">✗ 本机构没有签发或登记过它 <small>it was not issued or registered here</small></p>
            """)

    /// Calm and exact: white ground, one accent, colour only with a sign and a word.
    private static let style: Markup = """
        :root{--ink:#1b1f23;--soft:#667;--line:#d8dce0;--accent:#0b5a8c;--bad:#a3261b;--good:#1c6b3a}
        body{margin:0;font:15px/1.55 "Noto Sans CJK SC","WenQuanYi Zen Hei",system-ui,sans-serif;color:var(--ink)}
        header{border-bottom:1px solid var(--line);padding:.6rem 1.5rem}nav{display:inline;margin-left:1.5rem}
        a{color:var(--accent);text-decoration:none;margin-right:1rem}a:hover{text-decoration:underline}
        main{max-width:68rem;margin:0 auto;padding:1rem 1.5rem 3rem}
        h1{font-size:1.5rem;font-weight:600}small{color:var(--soft);font-weight:400;margin-left:.7rem;font-size:.8em}
        table{border-collapse:collapse;width:100%;margin:1rem 0}th{text-align:left;color:var(--soft);font-weight:400}
        th,td{border-bottom:1px solid var(--line);padding:.35rem .8rem .35rem 0;vertical-align:top}
        td.n{text-align:right;font-variant-numeric:tabular-nums}.big{font-size:1.7rem;font-variant-numeric:tabular-nums}
        .bad{color:var(--bad)}.good{color:var(--good)}.soft{color:var(--soft)}
        .demonstration{border:1px solid var(--bad);color:var(--bad);padding:.2rem .8rem;display:inline-block}
        .bar{background:#e8ecf0;width:12rem;height:.55rem;position:relative}.bar i{background:var(--accent);height:100%;display:block}
        .bar u{position:absolute;top:-.2rem;height:.95rem;border-left:2px solid var(--ink)}
        @media print{header{display:none}}
        """
}
