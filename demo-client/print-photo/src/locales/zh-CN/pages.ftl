page-skip = 跳到正文
page-navigation = 主导航
page-ways = 方式
page-compare = 比较
page-attacks = 攻击
page-own-client = 自己的客户端
page-photos = 照片
page-log-out = 退出
page-languages = 语言
page-grant = 授权方式
page-back = 回到开始
page-footer = OAuth 2 的演示客户端。Photo Space 保存照片，Print Photo 读取照片，只有授权服务器知道您的密码。

grant-code = 授权码
grant-implicit = 隐式授权
grant-password = 密码
grant-client-credentials = 客户端凭据
grant-refresh = 刷新令牌
grant-extension = 扩展授权

access-label = 正在使用的令牌
access-obtained = 取得方式
access-token = 访问令牌
access-good-for = 有效时间
access-no-time = 未说明
access-scope = 权限范围
access-as-asked = 如所要求
access-refresh-token = 刷新令牌
access-kept = 已保存
access-none = 无
access-client = 客户端
access-refresh = 立即刷新
access-call = 立即调用 Photo Space
access-expire = 终止令牌并观看更新

home-title = 开始
home-heading = 照片印在纸上，密码只留在家里
home-lead = 小明把照片保存在 *Photo Space*，想请 *Print Photo* 打印。她可以把密码告诉 Print Photo，但不必这样做：她告诉*授权服务器*，Print Photo 可以看她的照片；Print Photo 得到一个令牌，在一段时间内只能打开照片，别的什么也打不开。
home-owner = *资源所有者* 您，或者小明
home-client = *客户端* Print Photo
home-authorization-server = *授权服务器* 让您登录，签发令牌
home-resource-server = *资源服务器* Photo Space
home-ways = 取得令牌的五种方式
home-code-tag = 请用这一种
home-code = 适合带服务器的网络应用。浏览器只传送一个一次性的授权码，令牌本身从不经过浏览器。
home-script-tag = 带脚本的页面
home-script-title = 带 PKCE 的授权码，以及隐式授权
home-script = 适合没有自己服务器的页面：今天的方式，旁边是旧的方式，以便比较。
home-password-tag = 仅限自家程序
home-password = 程序自己询问姓名和密码。只适合服务器运营者自己的程序。
home-backup-tag = 没有人参与
home-backup = 每夜的备份代表自己行事，所以不必询问任何人。
home-refresh-tag = 在上述任何一种之后
home-refresh = 更新令牌而不再询问。请先取得令牌，然后按“立即刷新”。
home-more = 然后看得更仔细
home-compare = 什么时候用哪一种，谁能看到什么，今天的建议是什么。
home-attacks = 重放授权码，去掉验证码，在不该用的地方使用令牌，看看真实的服务器怎么说。
home-own = 在授权服务器登记您自己的应用，让 Print Photo 来扮演它。

code-lead = 您前往 `{ $name }`，在那里登录，看到 Print Photo 要求什么。如果您同意，浏览器会带着一个授权码回来，它只能用一次，有效一分钟。Print Photo 用它兑换令牌，您的浏览器看不见。
code-kind = 访问令牌的形式
code-handle = 句柄：只有授权服务器才懂的编号
code-jwt = JWT：人人可读、带签名的事实
code-button = 让 Print Photo 看我的照片
code-hint = 在演示中您是 `xiaoming`，密码是 `photos4me`。Print Photo 要求 `photo.read` 和 `profile`。
code-again = 因为以前允许过，所以不再询问您？要再看一次，请收回许可：
code-account = 授权服务器上有访问权的应用

backup-lead = 每天夜里，备份程序复制所有人的照片。没有人醒着表示同意，也不必有人同意：备份是一个有自己权限的客户端。它出示自己的标识和密钥，为整个服务取得一个令牌。
backup-button = 看看备份能看到什么
backup-hint = 按两次：第二次不会再请求令牌，第一个仍然有效。

password-lead = Photo Space 的桌面程序自己询问姓名和密码，用它们兑换令牌。
password-notice = *仅限自家程序。*运行这个程序的人会看到您的密码。如果是别人的程序，您无法知道它拿密码做什么，无法在不到处更改密码的情况下收回单个程序的访问权，也没有第二重验证。RFC 9700 §2.4 要求不要使用这种方式；它在这里，只是因为旧程序还在用。
password-name = 姓名
password-password = 密码
password-button = 取得令牌
password-hint = 在演示中：`xiaoming` 和 `photos4me`。密码只用一次，不会保存。

photos-heading = 要打印的照片
photos-hello = 您好，
photos-yours = 这些是您的照片，经您许可读取。
photos-none = Photo Space 有应答，但里面没有照片。
photos-next = 现在试试未经许可去取得它们：

refreshed-title = 令牌已更新
refreshed-heading = 令牌是新的
refreshed-before = 以前
refreshed-now = 现在
refreshed-left = 还剩 { $count } 秒
refreshed-by-token = 没有再问您：是刷新令牌做到的。
refreshed-by-client = 没有再问您：客户端再次出示了自己的凭据。
refreshed-photos = 去看照片

called-title = 一次调用
called-crumb = 原样使用令牌的一次调用
called-good = 令牌能打开照片
called-good-text = Photo Space 询问了这个令牌，让 Print Photo 进去了。请在授权服务器上收回您的许可，再回来调用一次：下一次调用就会被拒绝。
called-dead = 令牌什么也打不开了
called-dead-text = Photo Space 询问了这个令牌，它已经无效：被收回了，或者已经终止。这里没有更新任何东西，好让您看到这一点。（只凭签名检查的 JWT 在 `exp` 之前一直有效；Photo Space 会询问。）

logged-out-title = 已退出
logged-out-heading = Print Photo 已经忘记了您
logged-out-revoked = 令牌已经交还，会话已经结束。
logged-out-not-revoked = 会话已经结束。无法通知授权服务器，所以令牌会在到期时自行失效；谁也不再持有它们。
logged-out-still = 途中在授权服务器登录的人仍然处于登录状态：一次登录供所有客户端使用。要让其他应用持有的东西也一并失效，请在那里选择同时退出应用。
logged-out-there = 也在那里退出

own-title = 自带客户端
own-lead = Print Photo 是有人登记的一个客户端。您也可以登记一个，让这个页面来扮演它：这样，许可页面上显示的就是您的名称。
own-register = 在授权服务器的开发者页面上登记一个应用：
own-redirect-uri = 重定向地址请逐字填写：
own-type = 把得到的内容填在这里。它保存在您会话的内存中，随会话一起被忘记。
own-secret-hint = 如果您的客户端没有密钥，请留空。它只发送给授权服务器，不显示给任何人。
own-button = 以这个客户端的身份请求
own-client-id-fault = 请填写您得到的 client_id：可见字符，最多 512 个。
own-secret-fault = 密钥只包含可见字符，最多 512 个。
own-scope-fault = 权限范围是用一个空格隔开的单词：photo.read profile
