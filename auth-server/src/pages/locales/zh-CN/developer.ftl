developer-heading = 您的应用
developer-lead = 以下是您注册的应用。用户会看到您为它们起的名称。
developer-none = 您还没有注册应用。注册之后，应用就可以请求用户授权访问其数据。
developer-more = 更多应用
developer-new = 注册应用
developer-new-intro = 应用将获得客户端 ID 和密钥，本服务器据此识别它。
developer-all = 全部应用
developer-client-id = 客户端 ID
developer-register = 注册
developer-save = 保存更改
developer-cancel = 取消
developer-go-on = 查看应用
developer-refused = 尚未保存。请查看各字段旁的说明。
developer-further = 徽标、政策、条款、联系人
developer-approval = 应用须经管理员批准后才能使用。
developer-approval-anew = 更改名称、徽标或链接，或者增加应用的权限，都须由管理员重新批准。在此之前应用无法使用。

developer-state-active = 使用中
developer-state-awaiting = 等待管理员批准
developer-state-suspended = 已停用

developer-client-name = 名称
developer-client-name-hint = 请求授权时向用户显示。
developer-client-uri = 网站
developer-client-uri-hint = 介绍该应用的网址，以 https 开头。
developer-redirect-uris = 重定向 URI
developer-redirect-uris-hint = 浏览器返回的地址，每行一个：https://app.example/callback；在您自己的电脑上可用 http://localhost:8080/callback；客户端程序可用 com.example.app:/callback。
developer-logo-uri = 徽标
developer-logo-uri-hint = 图片的网址，以 https 开头。
developer-policy-uri = 隐私政策
developer-tos-uri = 服务条款
developer-contacts = 联系人
developer-contacts-hint = 应用负责人的电子邮件地址，每行一个。
developer-kind = 这是哪一类应用？
developer-kind-confidential = 在我们自己的服务器上运行，能够保守密钥。
developer-kind-public = 在浏览器或用户设备上运行，没有密钥。
developer-grants = 如何获得访问权限
developer-grant-authorization-code = 征得用户同意后获得授权码
developer-grant-refresh-token = 无须再次询问即可续期
developer-grant-client-credentials = 以自身名义访问，不涉及用户
developer-scopes = 可以请求的权限

developer-secret = 客户端密钥
developer-secret-once = 请立即复制密钥。密钥只显示一次，服务器仅保存其散列值。
developer-secret-none = 该应用没有密钥，使用 PKCE。
developer-secret-rotation = { $count ->
    [0] 新密钥将立即取代原密钥。
   *[other] 新密钥将取代原密钥；原密钥在 { $count } 小时内仍然有效。
}
developer-secret-retiring = { $count ->
    [1] 原密钥仍然有效，不到一小时后失效。
   *[other] 原密钥在 { $count } 小时内仍然有效。
}
developer-secret-rotate = 生成新密钥
developer-secret-replaced = { $name } 已有新密钥
developer-registered = { $name } 已注册

developer-remove = 删除此应用
developer-remove-consequence = { $name } 将无法再获得任何访问权限，用户已授予的权限立即失效。此操作无法撤销。
developer-remove-for-good = 永久删除

developer-notice-removed = 应用已删除。
developer-notice-saved = 更改已保存。
developer-notice-changed = 该应用刚刚在别处被更改。请核对后重试。
developer-notice-registered = 此表单此前已经提交，应用已注册。密钥只显示过一次；如已遗失，请生成新密钥。
developer-notice-too-many = 您的应用数量已达上限。请先删除一个。

developer-fault-empty = 此处必须填写。
developer-fault-blank = 开头或结尾有空格。
developer-fault-unseen = 包含看不见的字符 { $name }。
developer-fault-control = 包含无法显示的字符。
developer-fault-too-long = 太长：最多 { $name } 个字节。
developer-fault-too-many = 太多：最多 { $name } 个。
developer-fault-no-address = { $name } 的写法无法访问。请写成 https://app.example/callback。
developer-fault-relative = { $name } 没有以协议开头。请写成 https://app.example/callback。
developer-fault-fragment = { $name } 含有片段。请去掉 # 及其后的内容。
developer-fault-pattern = { $name } 是通配模式。请逐行写出完整地址。
developer-fault-scheme = { $name } 不是可以接收应答的地址。
developer-fault-name-of-answer = { $name } 含有应答将使用的参数。请去掉它。
developer-fault-plain-http = { $name } 没有加密。请使用 https；http 只能用于您自己的电脑。
developer-fault-scheme-of-nobody = { $name } 的协议名可能被任何其他程序占用。请使用您的域名的倒写形式：com.example.app:/callback。
developer-fault-link = { $name } 不是可供用户访问的网址。网址应使用 https。
developer-fault-no-redirect-uri = 至少需要一个，因为用户要携带授权码返回。
developer-fault-no-grant = 请至少选择一项。
developer-fault-grant = 此处不提供 { $name }。
developer-fault-refresh-alone = 只有通过授权码获得的访问权限才能续期。
developer-fault-grant-needs-secret = { $name } 需要密钥，而此类应用没有密钥。
developer-fault-no-scope = 请至少选择一项。
developer-fault-scope-not-given = 此处不提供 { $name }。

developer-held = 当前持有的授权
developer-held-means = 授权码或令牌仍然有效的授权。它们会自行到期，也可能被收回。
developer-held-from-owners = 来自用户
developer-held-for-itself = 应用自身
developer-held-count = { $count } 个
developer-held-at-least = { $count } 个或更多：尚未全部统计

developer-refusals = 最近被拒绝的请求
developer-refusals-lead = 此应用最近被拒绝的请求，每类最多 5 个，最新的在前。请求 ID 见响应头 x-request-id 和错误页面。
developer-refusals-none = 最近没有请求被拒绝。
developer-refusals-off = 本服务器不保留被拒绝请求的记录。其运营者可以查看日志。
developer-refusal-path = 端点
developer-refusal-error = OAuth 错误
developer-refusal-parameter = 参数
developer-refusal-rule = 规则
