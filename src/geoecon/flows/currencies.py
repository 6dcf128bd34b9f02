"""Names of money and weight as tables write them, in the languages of customs offices."""

from __future__ import annotations

from collections.abc import Mapping

CURRENCIES: Mapping[str, str] = {
    "usd": "USD", "us$": "USD", "us dollars": "USD", "us dollar": "USD", "u.s. dollars": "USD", "u.s. dollar": "USD",
    "dollars": "USD", "dollar": "USD", "$": "USD", "美元": "USD", "美金": "USD",
    "歐元": "EUR", "港元": "HKD", "港币": "HKD", "新臺幣": "TWD", "新台幣": "TWD", "人民幣": "CNY",
    "米ドル": "USD", "ドル": "USD", "달러": "USD",
    "dólares": "USD", "dolares": "USD", "dolar": "USD", "us-dollar": "USD",
    "eur": "EUR", "euro": "EUR", "euros": "EUR", "€": "EUR", "ecu": "EUR", "欧元": "EUR", "ユーロ": "EUR",
    "jpy": "JPY", "yen": "JPY", "円": "JPY", "¥": "JPY", "日元": "JPY", "日本円": "JPY",
    "韩元": "KRW", "韓元": "KRW", "人民币元": "CNY",
    "cny": "CNY", "rmb": "CNY", "yuan": "CNY", "renminbi": "CNY", "人民币": "CNY", "元": "CNY",
    "krw": "KRW", "won": "KRW", "원": "KRW",
    "gbp": "GBP", "£": "GBP", "sterling": "GBP", "pounds sterling": "GBP",
    "chf": "CHF", "cad": "CAD", "aud": "AUD", "inr": "INR", "rupees": "INR", "₹": "INR",
    "rs.": "RUPEE", "brl": "BRL", "mxn": "MXN", "rub": "RUB",
    "try": "TRY", "twd": "TWD", "nt$": "TWD", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN", "czk": "CZK",
    "nzd": "NZD", "clp": "CLP", "cop": "COP", "ars": "ARS", "pen": "PEN", "sar": "SAR", "aed": "AED", "ils": "ILS",
    "huf": "HUF", "ron": "RON", "uah": "UAH", "kzt": "KZT", "ngn": "NGN", "egp": "EGP", "kes": "KES", "pkr": "PKR",
    "bdt": "BDT", "lkr": "LKR", "isk": "ISK", "bgn": "BGN", "mad": "MAD", "qar": "QAR", "kwd": "KWD", "mop": "MOP",
    "canadian dollars": "CAD", "canadian dollar": "CAD", "australian dollars": "AUD", "australian dollar": "AUD",
    "new zealand dollars": "NZD", "hong kong dollars": "HKD", "singapore dollars": "SGD", "taiwan dollars": "TWD",
    "hk$": "HKD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "s$": "SGD", "nz$": "NZD", "r$": "BRL",
    "mx$": "MXN", "british pounds": "GBP", "swiss francs": "CHF", "chilean pesos": "CLP", "mexican pesos": "MXN",
    "pesos": "PESO", "peso": "PESO", "rupee": "INR", "rupiah": "IDR", "kronor": "KRONA", "kroner": "KRONE",
    "krona": "KRONA", "krone": "KRONE", "francs": "FRANC", "reais": "BRL", "ringgit": "MYR", "baht": "THB",
    "zloty": "PLN", "lira": "TRY", "dinars": "DINAR", "dinar": "DINAR", "dirhams": "DIRHAM", "riyals": "RIYAL",
    "roubles": "RUB", "rubles": "RUB", "hryvnia": "UAH", "tenge": "KZT", "shekels": "ILS", "forint": "HUF",
    "dollari": "USD", "dollaro": "USD", "dollár": "USD", "dolarów": "USD", "dolary": "USD", "dolarů": "USD",
    "dolar amerika": "USD", "dollaria": "USD", "đô la mỹ": "USD", "đô la": "USD", "δολάρια": "USD",
    "доллар": "USD", "доллары": "USD", "долларов": "USD", "долларах": "USD", "долл": "USD", "долл.": "USD",
    "дол": "USD", "дол.": "USD", "доларів": "USD", "ดอลลาร์": "USD", "دولار": "USD",
    "евро": "EUR", "ευρώ": "EUR", "avro": "EUR", "eura": "EUR", "eurot": "EUR", "euroa": "EUR", 
    "руб": "RUB", "руб.": "RUB", "рублей": "RUB", "рубли": "RUB", "рублях": "RUB", "тенге": "KZT", "грн": "UAH",
    "₽": "RUB", "₴": "UAH", "₺": "TRY", "₩": "KRW", "₫": "VND", "฿": "THB", "₪": "ILS", "zł": "PLN", "kč": "CZK",
    "rp": "IDR", "rp.": "IDR", "₱": "PHP", "￥": "JPY",
    "hkd": "HKD", "sgd": "SGD", "zar": "ZAR", "thb": "THB", "idr": "IDR", "vnd": "VND", "myr": "MYR", "php": "PHP",
}  # fmt: skip
TONNES: Mapping[str, float] = {
    "kg": 1e-3, "kgs": 1e-3, "kgm": 1e-3,
    "kilogram": 1e-3, "kilograms": 1e-3, "kilogramme": 1e-3, "kilo": 1e-3, "kilos": 1e-3,
    "公斤": 1e-3, "千克": 1e-3, "キログラム": 1e-3, "g": 1e-6, "gram": 1e-6, "grams": 1e-6,
    "t": 1.0, "tonne": 1.0, "tonnes": 1.0, "ton": 1.0, "tons": 1.0, "metric ton": 1.0, "metric tons": 1.0, "mt": 1.0,
    "吨": 1.0, "トン": 1.0, "톤": 1.0, "tonnen": 1.0, "toneladas": 1.0, "kt": 1e3, "kilotonnes": 1e3,
    "short ton": 0.90718474, "short tons": 0.90718474, "long ton": 1.0160469088, "long tons": 1.0160469088,
    "troy ounces": 3.11034768e-5, "troy ounce": 3.11034768e-5, "troy oz": 3.11034768e-5,
    "lb": 0.00045359237, "lbs": 0.00045359237, "pounds": 0.00045359237,
}  # fmt: skip
