login-title = 登录
login-to-continue = 登录后继续使用 { $name }
login-username = 用户名
login-password = 密码
login-submit = 登录
login-cancel = 取消
login-ended = { $name } 的请求已结束：可能已处理完毕，或本页面停留时间过长。请返回该应用重新开始。
login-password-stays = 密码仅在本页面使用，{ $name } 无法获知。

notice-bad-credentials = 用户名或密码不正确，请重试。
notice-too-many-attempts-seconds = 尝试次数过多，请在 { $count } 秒后重试。
notice-too-many-attempts-minutes = 尝试次数过多，请在 { $count } 分钟后重试。
notice-session-expired = 页面停留时间过长已失效，或您的浏览器未保存本站的 Cookie，请重新登录。
notice-busy = 当前登录人数较多，请稍候几秒再试。

approval-title = 是否授权？
approval-heading = { $name } 请求访问您的账号
approval-client-id = 客户端 ID
approval-signed-in-as = 当前账号：{ $name }
approval-switch = 使用其他账号
approval-scopes = 该应用请求以下权限
approval-choose = 请逐项选择。未经您允许的权限不会被授予。
approval-at-once = 您只能全部允许或全部拒绝。
approval-everything = 该应用希望访问您受保护的资源。
approval-allow = 允许
approval-refuse = 不允许
approval-authorize = 授权
approval-deny = 拒绝
approval-before = 您曾允许过此项
approval-lasts = 您的授权在 { $span }内有效。
approval-lasts-renewed = 令牌有效期为 { $span }，应用可自行续期而不再询问您，直到您在账号页面收回授权。
approval-lasts-without-end = 授权不会自动到期：不再需要时，请在账号页面收回。
approval-remembered = 您的决定将保留 { $span }。
approval-remembered-while-access = 应用拥有授权期间不会再次询问您。
approval-not-remembered = 下次仍会询问您。
approval-redirect = 无论如何选择，之后都将返回 { $name }

logout-title = 退出登录
logout-question = 要退出登录吗？
logout-signed-in-as = 您当前登录的账号是 { $name }。
logout-consequence = 已获得您授权的应用仍可继续访问。
logout-submit = 退出登录
logout-stay = 保持登录

signed-out-title = 已退出登录
signed-out-heading = 您已退出登录
signed-out-advice = 如果这台电脑还有其他人使用，请同时关闭浏览器。
signed-out-again = 重新登录

home-title = 授权服务器
home-heading = 您的数据，由您做主
home-what = 当某个应用需要使用您的数据时，会把您带到这里。您登录后可以看到它请求的权限，并自行决定是否同意。应用得到的只是您所允许范围内的令牌，绝不会得到您的密码。
home-signed-in-as = 您当前登录的账号是 { $name }。
home-signed-out = 您尚未登录。
home-account = 您的账号
home-login = 登录
home-logout = 退出登录
home-metadata = 开发者：服务器元数据
home-name = Symbolon（信物）源自古希腊：一物剖为两半，持有吻合的另一半者，即可取信于人，犹如中国的虎符。

back-to = 返回 { $name }
back-by-hand = 请返回 { $name }，重新开始操作。

error-heading = 无法完成您的请求
error-for-developers = 供应用开发者参考
error-description = 详细信息
error-status = 状态码
error-client = 客户端 ID
error-request-id = 请求编号
error-time = 时间
error-advice-expired = 该请求已过期或已处理完毕。请返回应用，重新开始操作。
error-advice-request = 请返回应用后重试。如果问题依旧，请将以下信息提供给该应用的运营方：应用发送的请求无法被本服务器接受。
error-advice-server = 这是我们这边的故障，请在一分钟后重试。如果问题依旧，请联系本服务器的管理员。
error-advice-wait = 请求过于频繁。请等待一分钟，然后返回应用，重新开始操作。
error-home = 前往首页
