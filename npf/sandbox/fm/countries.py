"""Countries as FM names them: full English names, never codes (WEBSERVICE.md section 1, error 02008).

FM's own list is not public. This one holds ISO's short names and the everyday English ones side by side, so that a
client may use either; two names of one country are both known. Codes and names in other languages are not.
"""

_NAMES = """
Afghanistan| Aland Islands| Albania| Algeria| American Samoa| Andorra| Angola| Anguilla| Antarctica|
Antigua and Barbuda| Argentina| Armenia| Aruba| Australia| Austria| Azerbaijan| Bahamas| Bahrain|
Bangladesh| Barbados| Belarus| Belgium| Belize| Benin| Bermuda| Bhutan| Bolivia|
Bonaire, Sint Eustatius and Saba| Bosnia and Herzegovina| Botswana| Bouvet Island| Brazil|
British Indian Ocean Territory| British Virgin Islands| Brunei| Brunei Darussalam| Bulgaria| Burkina Faso|
Burma| Burundi| Cabo Verde| Cambodia| Cameroon| Canada| Cape Verde| Cayman Islands|
Central African Republic| Chad| Chile| China| Christmas Island| Cocos (Keeling) Islands| Colombia| Comoros|
Congo| Congo, The Democratic Republic of the| Cook Islands| Costa Rica| Cote d'Ivoire| Croatia| Cuba|
Curacao| Curaçao| Cyprus| Czech Republic| Czechia| Côte d'Ivoire| Democratic Republic of the Congo| Denmark|
Djibouti| Dominica| Dominican Republic| East Timor| Ecuador| Egypt| El Salvador| Equatorial Guinea| Eritrea|
Estonia| Eswatini| Ethiopia| Falkland Islands| Falkland Islands (Malvinas)| Faroe Islands| Fiji| Finland|
France| French Guiana| French Polynesia| French Southern Territories| Gabon| Gambia| Georgia| Germany|
Ghana| Gibraltar| Great Britain| Greece| Greenland| Grenada| Guadeloupe| Guam| Guatemala| Guernsey| Guinea|
Guinea-Bissau| Guyana| Haiti| Heard Island and McDonald Islands| Holy See (Vatican City State)| Honduras|
Hong Kong| Hungary| Iceland| India| Indonesia| Iran| Iraq| Ireland| Isle of Man| Israel| Italy| Ivory Coast|
Jamaica| Japan| Jersey| Jordan| Kazakhstan| Kenya| Kiribati| Kosovo| Kuwait| Kyrgyzstan|
Lao People's Democratic Republic| Laos| Latvia| Lebanon| Lesotho| Liberia| Libya| Liechtenstein| Lithuania|
Luxembourg| Macao| Macau| Macedonia| Madagascar| Malawi| Malaysia| Maldives| Mali| Malta| Marshall Islands|
Martinique| Mauritania| Mauritius| Mayotte| Mexico| Micronesia| Micronesia, Federated States of| Moldova|
Monaco| Mongolia| Montenegro| Montserrat| Morocco| Mozambique| Myanmar| Namibia| Nauru| Nepal| Netherlands|
New Caledonia| New Zealand| Nicaragua| Niger| Nigeria| Niue| Norfolk Island| North Korea| North Macedonia|
Northern Mariana Islands| Norway| Oman| Pakistan| Palau| Palestine| Palestine, State of| Panama|
Papua New Guinea| Paraguay| Peru| Philippines| Pitcairn| Poland| Portugal| Puerto Rico| Qatar| Reunion|
Romania| Russia| Russian Federation| Rwanda| Réunion| Saint Barthelemy| Saint Barthélemy|
Saint Helena, Ascension and Tristan da Cunha| Saint Kitts and Nevis| Saint Lucia|
Saint Martin (French part)| Saint Pierre and Miquelon| Saint Vincent and the Grenadines| Samoa| San Marino|
Sao Tome and Principe| Saudi Arabia| Senegal| Serbia| Seychelles| Sierra Leone| Singapore|
Sint Maarten (Dutch part)| Slovakia| Slovenia| Solomon Islands| Somalia| South Africa|
South Georgia and the South Sandwich Islands| South Korea| South Sudan| Spain| Sri Lanka| Sudan| Suriname|
Svalbard and Jan Mayen| Swaziland| Sweden| Switzerland| Syria| Syrian Arab Republic| Taiwan| Tajikistan|
Tanzania| Thailand| Timor-Leste| Togo| Tokelau| Tonga| Trinidad and Tobago| Tunisia| Turkey| Turkmenistan|
Turks and Caicos Islands| Tuvalu| Türkiye| US Virgin Islands| Uganda| Ukraine| United Arab Emirates|
United Kingdom| United States| United States Minor Outlying Islands| United States of America| Uruguay|
Uzbekistan| Vanuatu| Vatican City| Venezuela| Viet Nam| Vietnam| Virgin Islands, British|
Virgin Islands, U.S.| Wallis and Futuna| Western Sahara| Yemen| Zambia| Zimbabwe| Åland Islands
"""

NAMES = frozenset(name.strip() for name in _NAMES.replace("\n", " ").split("|"))
