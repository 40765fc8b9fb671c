account-date = { $year }年{ $month ->
    [1] 1
    [2] 2
    [3] 3
    [4] 4
    [5] 5
    [6] 6
    [7] 7
    [8] 8
    [9] 9
    [10] 10
    [11] 11
   *[12] 12
}月{ $day }日 { $time }（UTC）

account-title = 您的账号
account-whose = 您当前登录的账号是 { $name }。
account-applications = 已获授权的应用
account-applications-count = { $count ->
    [0] 目前没有应用可以访问您的数据。
   *[other] 有 { $count } 个应用可以访问您的数据。
}
account-sessions = 已登录的设备
account-sessions-count = { $count ->
   *[other] 您在 { $count } 个浏览器中处于登录状态。
}

account-applications-lead = 以下应用已获得您的授权。您可以随时收回，收回后立即生效。
account-no-applications = 目前没有应用可以访问您的数据。如有应用提出请求，会先在这里征得您的同意。
account-client-id = 客户端 ID
account-since = 授权时间
account-unknown = 未知
account-last-token = 最近一次获取令牌
account-access-now = 目前的访问权限
account-no-access-now = 暂无
account-unasked = 无需询问即可获得
account-unasked-until = 截止时间
account-may = 权限
account-may-all = 访问您受保护的资源
account-remove = 收回授权…
account-remove-means = 从此刻起，{ $name } 将无法再代表您进行任何操作。如需再次使用，它必须重新征得您的同意。
account-remove-signed = 它的令牌带有签名：仅校验签名的服务在令牌到期之前仍会接受。
account-remove-from = 收回 { $name } 的授权
account-removed = { $name } 已无法访问您的数据。

account-sessions-lead = 如果其中有您不认识的浏览器，请结束该会话并修改密码。
account-session-ended = 该会话已结束。
account-this-browser = 当前浏览器
account-unknown-device = 未知设备
account-address = 登录地址
account-signed-in = 登录时间
account-seen = 最近活动
account-end-session = 结束此会话
account-everywhere = 在所有设备上退出
account-everywhere-means = 所有会话都将结束，包括当前浏览器。应用的授权不受影响。
account-everywhere-submit = 在所有设备上退出
